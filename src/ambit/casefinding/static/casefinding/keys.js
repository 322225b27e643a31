// One key for each answer. They work outside text boxes only, without a modifier, and can be turned off.
// Everything here can be done without this file.
const form = document.querySelector('[data-keys]')
const turn = document.querySelector('[data-turn-keys]')
const STORED = 'ambit-keys'

const radios = { y: ['surprise', 'yes'], n: ['surprise', 'no'], c: ['surprise', 'cannot_say'], a: ['answer', 'accepted'], l: ['answer', 'not_now'], x: ['answer', 'no'], p: ['answer', 'passed'], m: ['answer', 'discuss'] }
const numbered = { not_now: 'wait', no: 'why_no' }
const links = { j: '[data-next]', k: '[data-back]' }

function areOn() {
  try { return localStorage.getItem(STORED) !== 'off' } catch { return true }
}

function show() {
  document.body.classList.toggle('cf-keys', areOn())
  if (turn) { turn.hidden = false; turn.textContent = areOn() ? turn.dataset.off : turn.dataset.on }
}

turn?.addEventListener('click', () => {
  try { localStorage.setItem(STORED, areOn() ? 'off' : 'on') } catch { /* nothing is kept in this browser: the keys stay on */ }
  show()
})

document.addEventListener('keydown', (event) => {
  if (!areOn() || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat) return
  if (event.target.closest('textarea, select, input:not([type=radio], [type=checkbox])')) return
  const key = event.key.toLowerCase()
  if (links[key]) { document.querySelector(links[key])?.click(); return }
  if (key === 'u') { document.querySelector('[data-undo]')?.requestSubmit(); return }
  if (!form) return
  if (radios[key]) {
    const [name, value] = radios[key]
    const radio = form.querySelector(`input[name="${name}"][value="${value}"]`)
    if (radio) { radio.focus(); radio.click(); event.preventDefault() }
  } else if (/^[1-9]$/.test(key)) {
    const name = numbered[form.querySelector('input[name=answer]:checked')?.value]
    const radio = name && form.querySelectorAll(`input[name="${name}"]`)[Number(key) - 1]
    if (radio) { radio.focus(); radio.click(); event.preventDefault() }
  } else if (key === 's') {
    event.preventDefault()
    form.requestSubmit(form.querySelector('button[type=submit]'))
  }
})

show()
