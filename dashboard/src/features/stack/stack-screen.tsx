export function StackScreen() {
  return null
}
