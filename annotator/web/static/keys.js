// Keys press, leaving saves
const D=document,$=(s,d=D)=>d.querySelector(s),on=addEventListener,
find=k=>$(`[data-key~=${CSS.escape(k)}]`),
next=()=>{while(held[0]&&!busy)held.shift()()},
press=el=>{
if(!el?.matches('summary'))return el?.click()
for(let d=el;d=d.parentNode.closest('details');)d.open=1
;($('[data-first]',el.parentNode)||el).focus()
},
look=(a=$('[data-at]'))=>{
if(a){
a.scrollIntoView({block:'nearest'})
history.replaceState(0,'',a.dataset.at)
D.title=$('#ct').innerText
}
}
let held=[],busy,box,kept
onkeydown=e=>{
const{target:at,key,shiftKey:s}=e,n=/^[DN]\D+([1-5])/.exec(e.code)?.[1]
if(e.ctrlKey||e.altKey||e.metaKey||e.isComposing||$(':popover-open'))return
if(key=='Escape')$('#ct')?.focus()
if(at.matches('select,:read-write')){
if(key=='Enter'&&at.rows==2)e.preventDefault($('.btn',at.form).click())
}else if((/^\S$/.test(key)||key=='Enter'&&at.matches('body,#ct'))&&!D.body.dataset.keys&&!e.repeat&&!held[19]){
e.preventDefault()
held.push(()=>press(find(s?n+n:key)||find(key)||find(s||n)))
next()
}
}
on('focusin',oninput=e=>kept=/.*…/s.exec((box=e.target).value)||'')
D.onselectionchange=()=>{
const s=getSelection(),at=s.anchorNode?.parentNode.dataset?.from,to=box?.nextSibling
if(at&&to?.name&&s+''){
box.blur()
box.value=(kept+' '+s).trim()
to.value=[at,s.anchorOffset]
}
}
on('htmx:before:request',e=>{
const{ctx}=e.detail,el=ctx.request.submitter||ctx.sourceElement,redo=()=>press($(`[id="${el.id}"]`)||el),
f=!el.closest('#messages')&&([...D.querySelectorAll('#parts :read-write')].find(i=>i.value!=i.defaultValue||i.className)||$('.own :checked:not(:default)'))?.form
if(f&&!f.contains(el)){
e.preventDefault(busy=ctx.response={status:1})
held.unshift(()=>$('.btn',f).click(),redo)
}else busy=$('#retry').onclick=redo
})
on('htmx:finally:request',({detail:{ctx}})=>{
busy=ctx.response?.status||500
if(busy>399)held=[]
$('#trouble').hidden=busy<500
busy=0
look()
setTimeout(next)
})
onsubmit=e=>busy||=!e.defaultPrevented
onpagehide=()=>busy=0
onchange=e=>$('.save',e.target.form||e.target)?.click()
look()
