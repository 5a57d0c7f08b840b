import { type RefObject, useEffect, useRef, useState } from 'react'

/** Content size of an element in CSS pixels, followed. */
export function useSize<E extends Element>(): [
  RefObject<E | null>,
  { width: number; height: number },
] {
  const ref = useRef<E>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    if (!ref.current) return undefined
    const observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect
      if (box) setSize({ width: Math.floor(box.width), height: Math.floor(box.height) })
    })
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return [ref, size]
}
