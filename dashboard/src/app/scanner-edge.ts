import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { dropWaitingKeys } from '../lib/keys.ts'
import { offerScan, ScannerCapture } from '../lib/scanner.ts'
import { playSound } from '../lib/sound.ts'
import { showToast } from '../lib/toasts.ts'

/** The page's one scanner capture. A scan with no taker is heard and said, never dropped silently (ux 6). */
export function useScanner(): void {
  const { t } = useTranslation()
  const say = useRef(t)
  useEffect(() => {
    say.current = t
  })
  useEffect(() => {
    const trouble = (text: string) => {
      playSound('error')
      showToast(text, { tone: 'trouble' })
    }
    return new ScannerCapture({
      onScan: (scan) => {
        dropWaitingKeys()
        if (!offerScan(scan)) trouble(say.current('scan.noTaker', { code: scan.text }))
      },
      onTrouble: (kind) => trouble(say.current(`scan.${kind}`)),
    }).attach(window)
  }, [])
}
