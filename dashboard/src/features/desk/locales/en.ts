export const deskEn = {
  title: 'desk',
}
