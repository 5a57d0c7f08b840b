export function AlarmsScreen() {
  return null
}
