// Keys click data-key; leaving saves words.
const D=document,$=s=>D.querySelector(s),on=addEventListener
let held=[],busy,again

function press(el,shift){
let d=el?.parentNode
if(el?.matches('summary')){
el=d.querySelector('[data-first]')||el
for(;d;d=d.parentNode.closest('details'))d.open=1
return el.focus()
}
const c=$('.combine input')||{},was=c.checked
c.checked||=shift
el?.click()
c.checked=was
}
function next(){
while(held[0]&&!busy)held.shift()()
}
function look(){
const a=$('.sent[aria-current] a')
if(!a)return
a.parentNode.scrollIntoView({block:'nearest'})
history.replaceState(0,'',a.href)
D.title=$('#ct').innerText
}
on('keydown',e=>{
const at=e.target,n=/(?:Digit|Numpad)([1-5])/.exec(e.code)?.[1],key=n||e.key
if(e.ctrlKey||e.altKey||e.metaKey||e.isComposing||$(':popover-open'))return
if(key=='Escape')$('#ct')?.focus()
if(at.matches('select,:read-write')){
if(key=='Enter'&&at.matches('textarea:not(#no,#tx)'))e.preventDefault(at.form.querySelector('.btn').click())
}else if((/^[1-5a-z?/]$/i.test(key)||key=='Enter'&&at.matches('body,#ct'))&&!D.body.dataset.keys&&!e.repeat&&held.length<20){
e.preventDefault()
held.push(()=>press($(`[data-key="${key}"]`),n&&e.shiftKey))
next()
}
})
on('htmx:before:request',e=>{
const{ctx}=e.detail,el=ctx.request.submitter||ctx.sourceElement,mode=ctx.request.body?.get('mode'),redo=()=>press(el.isConnected?el:$('#'+el.id),mode)
const f=!el.matches('#messages *')&&[...D.querySelectorAll('#parts :read-write')].find(i=>i.value!=i.defaultValue||i.value&&i.form.querySelector('.alert'))?.form
if(f&&!f.contains(el)){
e.preventDefault(busy=ctx.response={status:1})
held.unshift(()=>f.querySelector('.btn').click(),redo)
}else busy=again=redo
})
on('htmx:finally:request',({detail:{ctx}})=>{
busy=ctx.response?.status||500
if(busy>399)held=[]
$('#trouble').hidden=busy<500
busy=0
look()
setTimeout(next)
})
on('submit',e=>busy||=!e.defaultPrevented)
on('pagehide',()=>busy=0)
on('change',e=>e.target.form?.querySelector('.save')?.click())
on('click',e=>e.target.id=='retry'&&again())
look()
