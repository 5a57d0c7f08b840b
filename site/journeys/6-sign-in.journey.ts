/** Journey 6: sign-in, a forbidden page, an expired session, another role's route: each answered as it should be. */
import pg from 'pg'
import { expect } from 'vitest'
import { journey, Stage } from './harness.ts'

/**
 * Nobody waits twelve hours in a test: the birth of every session is put back in the database. Not its last use, which
 * a request that is under way would bring up to date again.
 */
async function letSessionsExpire(databaseUrl: string) {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    `update session set created_at = now() - interval '13 hours' where ended_at is null`,
  )
  await client.end()
}

journey('6: sign-in, forbidden page, expired session, another role’s route', async () => {
  await using stage = await Stage.open()
  const visitor = await stage.visitor()
  const { page } = visitor

  // A stranger is led to the sign-in page, and is told nothing.
  await page.goto('/alarms')
  await page.waitForURL('**/sign-in?*')
  expect(await visitor.api('/api/overview')).toMatchObject({
    status: 401,
    body: { code: 'not-signed-in' },
  })
  await visitor.signIn('archivist', 'not the password')
  await page.getByText('账号或密码不对').waitFor()
  await visitor.picture('sign-in-zh-light')

  // With the right password the page that was asked for comes.
  await visitor.signIn('archivist')
  await page.waitForURL('**/alarms')
  await page.getByRole('navigation').getByRole('link', { name: '告警' }).waitFor()

  // The session ends: the open page says so by itself, leads to the sign-in page, and from there to where one was.
  await letSessionsExpire(stage.site.databaseUrl('superuser'))
  await page.getByText('登录已过期').waitFor()
  await visitor.signIn('archivist')
  await page.waitForURL('**/alarms')

  // An officer has no business at the desk: the page says so, in the shell, and shows nothing of it.
  const officer = await stage.person('system')
  await officer.page.goto('/desk')
  await officer.page.getByText('你的角色不能打开这个页面').waitFor()
  await officer.picture('forbidden-zh-light')

  // Another role's route is refused at the server, whatever the page shows.
  expect(await officer.api('/api/overview')).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  })
  expect(await visitor.api('/api/people')).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  })
  expect((await officer.api('/api/people')).status).toBe(200)

  // A page of somebody else's cannot act for us.
  const foreign = await fetch(`${stage.site.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://elsewhere.example' },
    body: JSON.stringify({ account: 'archivist', password: visitor.passwordOf('archivist') }),
  })
  expect(foreign.status).toBe(403)
  expect(await foreign.json()).toMatchObject({ code: 'foreign-origin' })

  // Signing out ends the session at the server too.
  expect((await officer.api('/api/session', { method: 'DELETE' })).status).toBe(200)
  expect(await officer.api('/api/people')).toMatchObject({ status: 401 })
})
