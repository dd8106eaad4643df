'use strict'

// The page can be read without this. It adds: asking a number in a dialog, a search for figures, sorting and
// filtering of tables, and the choice of dots along the year. Everything it shows stands in the page already.

const find = (selector, within = document) => within.querySelector(selector)
const all = (selector, within = document) => [...within.querySelectorAll(selector)]
const make = (name, text = '') => Object.assign(document.createElement(name), { textContent: text })
const plain = text => text.toLowerCase().normalize('NFKD').replace(/[’']/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim()

// Asking a number -----------------------------------------------------------------------------

const dialog = find('#asked')

const byReference = new Map(all('.entry').map(entry => [find('code', entry).textContent, entry]))

// The address has the reference itself; a link that was made without JavaScript has the name of the entry.
function askedEntry() {
  const name = location.hash.slice(1)
  if (name.startsWith('ref-')) return document.getElementById(name)
  if (!name.startsWith('ref=')) return null
  try {
    return byReference.get(decodeURIComponent(name.slice(4))) ?? null
  } catch {
    return null
  }
}

document.addEventListener('click', event => {
  const link = event.target.closest('a')
  const entry = link?.getAttribute('href')?.startsWith('#ref-') && document.getElementById(link.getAttribute('href').slice(1))
  if (!entry) return
  event.preventDefault()
  location.hash = `ref=${encodeURIComponent(find('code', entry).textContent)}`
})

function showAsked() {
  const entry = askedEntry()
  if (!entry) {
    if (dialog.open) dialog.close()
    return
  }
  find('#asked-title').textContent = find('summary', entry).textContent
  const parts = all(':scope > :not(summary)', entry).map(part => part.cloneNode(true))
  find('#asked-text').replaceChildren(...parts)
  for (const link of all('#asked-text li > a')) {
    const rule = document.getElementById(link.getAttribute('href').slice(1))
    link.after(` ${find('.statement', rule).textContent}`)
  }
  find('#copied').textContent = ''
  if (!dialog.open) dialog.showModal()
}

function citation() {
  const lines = [find('#asked-title').textContent, ...all('#asked-text > p').map(part => part.textContent)]
  return [...lines, find('#cite').textContent].map(line => line.replace(/\s+/g, ' ').trim()).join('\n')
}

async function copyCitation() {
  try {
    await navigator.clipboard.writeText(citation())
    find('#copied').textContent = 'Copied.'
  } catch {
    find('#copied').textContent = citation()
  }
}

dialog.addEventListener('close', () => {
  if (askedEntry()) history.pushState(null, '', location.pathname + location.search)
})
// A link inside leads to a rule or a discrepancy of the page.
dialog.addEventListener('click', event => {
  if (event.target === dialog) dialog.close()
})
find('#close').addEventListener('click', () => dialog.close())
find('#copy').addEventListener('click', copyCitation)
window.addEventListener('hashchange', showAsked)
window.addEventListener('popstate', showAsked)

// What is linked may stand inside of something closed.
window.addEventListener('hashchange', openTarget)
function openTarget() {
  const target = document.getElementById(location.hash.slice(1))
  if (!target || askedEntry()) return
  for (let part = target; part; part = part.parentElement) if (part.tagName === 'DETAILS') part.open = true
  target.scrollIntoView()
}

// Search --------------------------------------------------------------------------------------

const IDLE = new Set('a about all an and are at be by did do does for from had has have how i in is it many number of on or out say so that the there they this to was were what when where which who with'.split(' '))
const entries = all('.entry').map(entry => {
  const [label, value] = find('summary', entry).textContent.split(/: (?=[^:]*$)/)
  return { id: entry.id, label, value, words: plain(label), printed: Boolean(find('p:nth-of-type(2)', entry)) }
})

function score(entry, words) {
  let points = 0
  for (const word of words) {
    if (entry.value === word) points += 3
    else if (` ${entry.words} `.includes(` ${word} `)) points += 2
    else if (word.length > 3 && entry.words.includes(word)) points += 1
  }
  return points
}

function search() {
  const words = plain(find('#query').value).split(' ').filter(word => word && !IDLE.has(word))
  const scored = words.length ? entries.map(entry => [score(entry, words), entry]).filter(([points]) => points > 0) : []
  const best = Math.max(0, ...scored.map(([points]) => points))
  const found = scored.filter(([points]) => points > best / 2)
  found.sort(([one, a], [other, b]) => other - one || b.printed - a.printed || a.label.length - b.label.length)
  find('#found').textContent = words.length ? `${found.length} figures found${found.length > 10 ? ', the first 10 of them here' : ''}` : ''
  find('#results').replaceChildren(
    ...found.slice(0, 10).map(([, entry]) => {
      const item = make('li')
      const link = make('a', `${entry.label}: ${entry.value}`)
      link.href = `#${entry.id}`
      item.append(link)
      return item
    })
  )
}

find('#search').hidden = false
find('#query').addEventListener('input', search)
find('#search').addEventListener('submit', event => {
  event.preventDefault()
  search()
})

// Tables --------------------------------------------------------------------------------------

const textOf = cell => cell.textContent.trim()

function compare(one, other) {
  const [a, b] = [one, other].map(text => (text === '' || text === 'not printed' ? null : text))
  if (a === null || b === null) return (a === null) - (b === null)
  return /^-?\d+$/.test(a) && /^-?\d+$/.test(b) ? a - b : a.localeCompare(b, 'en-GB', { numeric: true })
}

function prepare(table) {
  const body = find('tbody', table)
  const rows = all('tr', body)
  const headings = all('thead th', table)
  const status = make('p')
  status.className = 'meta'
  status.setAttribute('role', 'status')
  table.parentElement.before(status)
  const fields = headings.map((heading, place) => {
    const name = textOf(heading)
    const button = make('button', name)
    button.type = 'button'
    button.addEventListener('click', () => {
      const down = heading.getAttribute('aria-sort') === 'ascending'
      headings.forEach(other => other.removeAttribute('aria-sort'))
      heading.setAttribute('aria-sort', down ? 'descending' : 'ascending')
      const sorted = rows.map(row => [textOf(row.cells[place]), row])
      sorted.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)))
      body.append(...sorted.map(([, row]) => row))
    })
    const input = make('input')
    input.type = 'search'
    input.setAttribute('aria-label', `Show rows in which ${name} contains`)
    input.addEventListener('input', choose)
    heading.replaceChildren(button, input)
    return input
  })
  function choose() {
    const wanted = fields.map(field => plain(field.value))
    let shown = 0
    for (const row of rows) {
      row.hidden = !wanted.every((text, place) => plain(textOf(row.cells[place])).includes(text))
      shown += !row.hidden
    }
    status.textContent = shown === rows.length ? '' : `${shown} of ${rows.length} rows`
  }
}

// A table gets its controls when it is opened first: most never are.
for (const part of all('details.table')) {
  part.addEventListener('toggle', () => part.open && prepare(find('table.data', part)), { once: true })
}

// Dots along the year -------------------------------------------------------------------------

const chooser = find('#choose')
if (chooser) {
  const places = JSON.parse(find('#dots').textContent)
  const dots = all('#chart-timeline path[aria-label]').filter(dot => places[dot.getAttribute('aria-label')])
  const [region, board] = all('select', chooser)
  const choose = () => {
    let shown = 0
    for (const dot of dots) {
      const [name, area] = places[dot.getAttribute('aria-label')]
      const kept = (!region.value || region.value === area) && (!board.value || board.value === name)
      dot.classList.toggle('faded', !kept)
      shown += kept
    }
    find('#chosen').textContent = `${shown} of ${dots.length} evaluations`
  }
  chooser.hidden = false
  chooser.addEventListener('change', choose)
  choose()
}

showAsked()
openTarget()
