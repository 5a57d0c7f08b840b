import { type Static, Type } from 'typebox'
import { AddressText, BoxCode, Uuid } from '../ids.ts'
import { SecrecyLevel } from '../roles.ts'
import { route, staff } from '../route-access.ts'
import { Closed, Nullable, OneOf, Text } from '../schema.ts'

/** One answer of the search field. What the reader may not see is no answer: it is not counted either. */
export const Hit = Closed({
  kind: OneOf(['box', 'place', 'file', 'subject']),
  /** Box code, address, file id or subject id. */
  key: Text(120),
  label: Text(400),
  /** 档号, unit, or number of files. */
  detail: Nullable(Text(200)),
  box: Nullable(BoxCode),
  place: Nullable(AddressText),
})
export type Hit = Static<typeof Hit>

/** POST, because what is typed may be a person's number, which has no business in a URL or a log. */
export const search = route({
  method: 'POST',
  path: '/api/search',
  access: staff,
  tag: 'records',
  summary:
    'The one search field: box code, place, reference code, two or more characters of a title, pinyin initials, person or unit number',
  body: Closed({
    q: Type.String({ minLength: 1, maxLength: 200 }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  }),
  response: Closed({
    hits: Type.Array(Hit),
    total: Type.Integer(),
    /** The count stops here and is shown as "1,000+". */
    capped: Type.Boolean(),
    /** How the text was understood. */
    understood: OneOf(['boxCode', 'epc', 'place', 'refCode', 'number', 'initials', 'text']),
  }),
})

export const FileView = Closed({
  id: Uuid,
  refCode: Text(120),
  fonds: Text(20),
  category: Text(80),
  categoryTitle: Text(200),
  title: Text(400),
  responsible: Text(200),
  date: Text(10),
  pages: Type.Integer(),
  retention: Text(10),
  secrecy: SecrecyLevel,
  openness: Text(20),
  box: BoxCode,
  position: Type.Integer(),
  place: Nullable(AddressText),
  subjects: Type.Array(Closed({ id: Uuid, name: Text(120), type: OneOf(['person', 'unit']) })),
})
export type FileView = Static<typeof FileView>

export const getFile = route({
  method: 'GET',
  path: '/api/records/files/:file',
  access: staff,
  tag: 'records',
  summary: 'One file with its description; above the clearance it is answered as not found',
  params: Closed({ file: Uuid }),
  response: FileView,
})

export const householdQuery = route({
  method: 'POST',
  path: '/api/records/household',
  access: staff,
  tag: 'records',
  summary:
    '一户式查询: every file of one person or unit, across categories, by date (RZ17, CD22–CD25)',
  body: Closed({ subject: Type.Optional(Uuid), number: Type.Optional(Text(30)) }),
  response: Closed({
    subject: Closed({
      id: Uuid,
      name: Text(120),
      type: OneOf(['person', 'unit']),
      numberMasked: Text(30),
    }),
    files: Type.Array(FileView, { maxItems: 500 }),
  }),
})

export const listCategories = route({
  method: 'GET',
  path: '/api/records/categories',
  access: staff,
  tag: 'records',
  summary: 'Fonds and their categories with the number of files',
  response: Closed({
    fonds: Type.Array(
      Closed({
        code: Text(20),
        title: Text(200),
        categories: Type.Array(Closed({ code: Text(80), title: Text(200), files: Type.Integer() })),
      }),
    ),
  }),
})
