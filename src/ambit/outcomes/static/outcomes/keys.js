// In the form of an assessment a digit chooses and moves on to the next item; x says that it is missing; Backspace goes back.
// It acts only while an item has the focus. Everything here can be done without this file.
const form = document.querySelector('[data-measure]')
const items = [...(form?.querySelectorAll('[data-item]') ?? [])]

function goTo(place) {
  const item = items[place]
  const next = item ? item.querySelector('input:checked') ?? item.querySelector('input') : form.querySelector('[data-save] button')
  next.focus()
}

form?.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return
  const item = event.target.closest('[data-item]')
  if (!item) return
  const radios = [...item.querySelectorAll('input')]
  const place = items.indexOf(item)
  if (event.key === 'Backspace' && place > 0) {
    event.preventDefault()
    goTo(place - 1)
    return
  }
  // an answer of two digits cannot be told by its first
  if (radios.some((radio) => /^\d\d/.test(radio.value)) && event.key !== 'x') return
  const chosen = radios.find((radio) => radio.value === (event.key === 'x' ? 'missing' : event.key))
  if (!chosen) return
  event.preventDefault()
  chosen.checked = true
  goTo(place + 1)
})
