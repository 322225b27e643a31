// Shows how far a workbook is, and opens the next page when it is read. Without scripts the page looks again by itself.
const box = document.getElementById('reading')
async function look () {
  const answer = await fetch(location.href, { credentials: 'same-origin', redirect: 'manual' }).catch(() => null)
  if (answer && !answer.ok) return location.reload()
  const fresh = answer && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('reading')
  if (answer && !fresh) return location.reload()
  if (fresh) box.replaceChildren(...fresh.childNodes)
  setTimeout(look, 1000)
}
if (box) setTimeout(look, 1000)
