/** Runs in the page: what an eye would complain of, as lists of words. Empty lists are good. */
;(() => {
  const visible = (e) => {
    const box = e.getBoundingClientRect()
    return box.width > 1 && box.height > 1 && e.checkVisibility({ visibilityProperty: true })
  }
  const name = (e) => `${e.tagName.toLowerCase()}.${e.getAttribute('class') ?? ''}`
  const ownText = (e) =>
    [...e.childNodes]
      .filter((n) => n.nodeType === Node.TEXT_NODE)
      .map((n) => n.data.trim())
      .join('')
  const all = [...document.body.querySelectorAll('*')].filter(visible)

  /** Text below 12 px, in HTML and in drawings. */
  const small = all
    .filter((e) => ownText(e) !== '' && Number.parseFloat(getComputedStyle(e).fontSize) < 12)
    .map((e) => `${name(e)}: ${ownText(e)}`)

  /** Heads, buttons and strips whose content is wider than they are. */
  const tight = '.panel__head, .top, .strip, .btn, .tabs, .rail a, .bank-tag__words, .climate-chip'
  const wide = all
    .filter((e) => e.matches(tight) && e.scrollWidth > e.clientWidth + 1)
    .map((e) => `${name(e)}: ${e.textContent}`)

  /** Numbers, names and chips of the plan that lie on each other. */
  const words = all.filter((e) => e.matches('.plan-number, .bank-tag, .climate-chip, .plan-label'))
  const boxes = words.map((e) => e.getBoundingClientRect())
  const overlaps = words.flatMap((e, i) =>
    words.slice(i + 1).flatMap((o, j) => {
      const [a, b] = [boxes[i], boxes[i + 1 + j]]
      const over = a.left < b.right - 1 && b.left < a.right - 1
      const cross = over && a.top < b.bottom - 1 && b.top < a.bottom - 1
      return cross ? [`${name(e)} ${e.textContent} / ${name(o)} ${o.textContent}`] : []
    }),
  )

  const main = document.querySelector('main')
  const scrolls = [document.scrollingElement, main]
    .filter((e) => e && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1))
    .map(name)

  const chips = document.querySelectorAll('.climate-chip').length
  return { small, wide, overlaps, scrolls, chips }
})()
