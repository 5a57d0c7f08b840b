/** What stands at the right of the plan: the elevation, or for a while something that was asked for. */
import type { Address, StackLayout } from '@lantai/contracts'
import type { HeardBank } from '../../lib/banks.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FacePanel } from './elevation/face-panel.tsx'
import { HouseholdPanel } from './household/household-panel.tsx'
import type { ColumnFillBytes, findColumn } from './model/occupancy.ts'
import { useSay } from './say.ts'
import type { Selection } from './use-selection.ts'
import type { useChosen } from './use-stack-data.ts'
import { ContentsPanel } from './way/contents-panel.tsx'
import { ControlPanel } from './way/control-panel.tsx'
import { MovePanel } from './way/move-panel.tsx'
import { RequestPanel } from './way/request-panel.tsx'
import type { MotionRequest } from './way/use-motion.ts'

export type Side =
  | { kind: 'face' }
  | { kind: 'request'; bank: string; request: MotionRequest }
  | { kind: 'control'; bank: string }
  | { kind: 'move' }
  | { kind: 'contents' }
  | { kind: 'household'; subject: string }

interface SideProps {
  side: Side
  layout: StackLayout
  room: StackLayout['rooms'][number]
  banks: readonly HeardBank[]
  chosen: ReturnType<typeof useChosen>
  found: ReturnType<typeof findColumn>
  bytes: ReadonlyMap<number, ColumnFillBytes>
  onSide: (s: Side) => void
  onSelect: (s: Selection) => void
  onFace: (face: string) => void
  onHousehold: (subject: string | null) => void
  onContents: () => void
}

export function SideOf(props: SideProps) {
  const { side, onSide } = props
  const back = () => onSide({ kind: 'face' })
  switch (side.kind) {
    case 'face':
      return <Face {...props} />
    case 'request':
    case 'control':
      return <OfBank {...props} bank={side.bank} back={back} />
    case 'move':
      return props.chosen.code ? (
        <MovePanel
          code={props.chosen.code}
          box={props.chosen.box}
          onBack={back}
          onMoved={() => {
            if (props.chosen.code) props.onSelect({ by: 'box', code: props.chosen.code })
            back()
          }}
        />
      ) : (
        <Face {...props} />
      )
    case 'contents':
      return props.chosen.box ? (
        <ContentsPanel
          box={props.chosen.box}
          onBack={back}
          onSubject={(subject) => {
            props.onHousehold(subject)
            back()
          }}
        />
      ) : (
        <Face {...props} />
      )
    case 'household':
      return (
        <HouseholdPanel
          subject={side.subject}
          box={props.chosen.code}
          onBox={(code) => props.onSelect({ by: 'box', code })}
          onBack={() => props.onHousehold(null)}
        />
      )
  }
}

function Face(props: SideProps) {
  const say = useSay()
  const { place, code } = props.chosen
  if (!place || !props.found)
    return (
      <section className="panel">
        <EmptyState title={say('face.choose')} />
      </section>
    )
  return (
    <FacePanel
      place={place}
      column={props.found.column}
      bytes={props.bytes.get(place.column) ?? null}
      shelvesFrom={props.room.shelvesFrom}
      target={code}
      onPlace={(to: Address, slotCode) =>
        props.onSelect({ by: 'place', place: to, code: slotCode })
      }
      onFace={props.onFace}
      onEnter={props.onContents}
    />
  )
}

function OfBank(props: SideProps & { bank: string; back: () => void }) {
  const layout = props.layout.banks.find((b) => b.bank === props.bank)
  const heard = props.banks.find((b) => b.view.bank === props.bank) ?? null
  const { side } = props
  if (!layout) return <Face {...props} />
  if (side.kind === 'request')
    return (
      <RequestPanel
        key={`${side.bank} ${side.request.verb} ${side.request.aisle}`}
        layout={layout}
        heard={heard}
        request={side.request}
        onBack={props.back}
      />
    )
  return (
    <ControlPanel
      key={props.bank}
      layout={layout}
      heard={heard}
      onRequest={(request) => props.onSide({ kind: 'request', bank: props.bank, request })}
      onBack={props.back}
    />
  )
}
