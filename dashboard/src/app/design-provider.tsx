/** antd with our own tokens: read from the CSS variables, which stay the one source of colour. */
import { theme as antdTheme, ConfigProvider, type ThemeConfig } from 'antd'
import enUS from 'antd/es/locale/en_US.js'
import type { Locale } from 'antd/es/locale/index.js'
import zhCN from 'antd/es/locale/zh_CN.js'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../lib/store.ts'
import { type Theme, theme } from '../lib/theme.ts'

/** antd's types say CommonJS, its files are ES modules: the bundler has unwrapped `default` already, or has not. */
const unwrap = (m: object): Locale => ('default' in m ? m.default : m) as Locale
const locales = { 'zh-CN': unwrap(zhCN), en: unwrap(enUS) }

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

function tokensOf(name: Theme): ThemeConfig {
  const css = getComputedStyle(document.documentElement)
  const v = (token: string) => css.getPropertyValue(token).trim()
  return {
    algorithm: name === 'dark' ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    token: {
      colorPrimary: v('--blue'),
      colorLink: v('--blue'),
      colorError: v('--p1'),
      colorWarning: v('--p2'),
      colorText: v('--text'),
      colorTextSecondary: v('--muted'),
      colorTextTertiary: v('--muted'),
      colorTextPlaceholder: v('--muted'),
      colorTextLightSolid: v('--on-fill'),
      colorBgBase: v('--panel'),
      colorBgContainer: v('--panel'),
      colorBgElevated: v('--panel'),
      colorBgLayout: v('--ground'),
      colorBorder: v('--line'),
      colorBorderSecondary: v('--hair'),
      colorSplit: v('--hair'),
      fontFamily: v('--font'),
      fontSize: 14,
      fontSizeSM: 13,
      borderRadius: 6,
      borderRadiusLG: 8,
      controlHeight: 32,
      boxShadow: 'none',
      boxShadowSecondary: 'none',
      boxShadowTertiary: 'none',
      wireframe: false,
    },
    components: { Table: { headerBg: v('--panel'), cellPaddingBlock: 8, cellPaddingInline: 10 } },
  }
}

export function DesignProvider(props: { children: ReactNode }) {
  const name = useStore(theme)
  const { i18n } = useTranslation()
  const tokens = useMemo(() => tokensOf(name), [name])
  return (
    <ConfigProvider
      theme={tokens}
      locale={i18n.language === 'en' ? locales.en : locales['zh-CN']}
      csp={{ nonce }}
    >
      {props.children}
    </ConfigProvider>
  )
}
