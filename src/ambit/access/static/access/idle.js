// Says in good time that somebody is about to be signed out. Without this script what was typed is kept all the same.
const warning = document.getElementById('ambit-idle')
if (warning) {
  const before = 120
  const wait = Math.max(Number(warning.dataset.seconds) - before, 1) * 1000
  let timer = setTimeout(show, wait)
  function show () { warning.hidden = false }
  warning.querySelector('a').addEventListener('click', async event => {
    event.preventDefault()
    const answer = await fetch(event.target.href, { credentials: 'same-origin', redirect: 'manual' })
    if (answer.status === 204) {
      warning.hidden = true
      clearTimeout(timer)
      timer = setTimeout(show, wait)
    } else {
      location.assign(event.target.href)
    }
  })
}
