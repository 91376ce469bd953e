// Keys click data-key; trouble drops them.
const $ = (s) => document.querySelector(s), on = addEventListener
let held = [], busy, again

function press(el, shift) {
	if (el?.matches('summary')) {
		for (let d = el.parentNode; d; d = d.parentNode.closest('details')) d.open = true
		return (el.parentNode.querySelector('[data-first]') || el).focus()
	}
	const combine = $('.combine input') || {}, was = combine.checked
	combine.checked ||= shift
	el?.click()
	combine.checked = was
}
function next() {
	while (held[0] && !busy) press($(held[0][0]), held.shift()[1])
}
function look() {
	const here = $('.sent[aria-current] a')
	if (!here) return
	here.parentNode.scrollIntoView({ block: 'nearest' })
	history.replaceState(0, '', here.href)
	document.title = $('#ct').innerText
}
on('keydown', (e) => {
	const at = e.target, digit = /(?:Digit|Numpad)([1-5])/.exec(e.code)?.[1], key = digit || e.key
	if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || $(':popover-open')) return
	if (key == 'Escape') $('#ct')?.focus()
	if (at.matches('textarea,select,[type=text],[type=date]')) {
		if (key == 'Enter' && at.matches('textarea:not(#no,#tx)')) e.preventDefault(at.form.querySelector('.btn').click())
	} else if ((/^[1-5a-z?/]$/i.test(key) || key == 'Enter' && at.matches('body,#ct')) && !document.body.dataset.keys && !e.repeat && held.length < 20) {
		e.preventDefault()
		held.push([`[data-key="${key}"]`, digit && e.shiftKey])
		next()
	}
})
on('htmx:before:request', ({ detail: { ctx } }) => {
	busy = true
	again = () => press(ctx.request.submitter || ctx.sourceElement, ctx.request.body?.get('mode'))
})
on('htmx:finally:request', ({ detail: { ctx } }) => {
	const status = ctx.response?.status || 500
	busy = false
	if (status > 399) held = []
	$('#trouble').hidden = status < 500
	look()
	setTimeout(next)
})
on('submit', (e) => (busy ||= !e.defaultPrevented))
on('pagehide', () => (busy = false))
on('change', (e) => e.target.form?.querySelector('.save')?.click())
on('click', (e) => e.target.id == 'retry' && again())
look()
