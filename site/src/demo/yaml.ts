/** Prints plain data as block YAML; scalars are JSON, which is YAML as well. Enough for the device list. */
export function toYaml(value: unknown, indent = ''): string {
  if (Array.isArray(value) && value.length > 0 && value.some(isBranch))
    return value.map((v) => `${indent}- ${toYaml(v, `${indent}  `).trimStart()}`).join('')
  if (isBranch(value) && !Array.isArray(value))
    return Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .map(([key, v]) =>
        isBranch(v) && (!Array.isArray(v) || v.some(isBranch))
          ? `${indent}${key}:\n${toYaml(v, `${indent}  `)}`
          : `${indent}${key}: ${JSON.stringify(v)}\n`,
      )
      .join('')
  return `${indent}${JSON.stringify(value)}\n`
}

const isBranch = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0
