import './overview.css'
import { api } from '@lantai/contracts'
import { useLiveRoom } from '../../lib/live.ts'
import { refetchRoute, useCall } from '../../lib/query.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Loading } from '../../ui/loading.tsx'
import { isNews, type Overview } from './judge-day.ts'
import { RoomCard } from './room-card.tsx'
import { TodoList } from './todo-list.tsx'
import { useSentence } from './use-sentence.ts'

/** Fetched again this often for what no room announces (the turn of the day, the 24 h range). */
const everyMs = 15_000

function Sentence(props: { overview: Overview }) {
  const { text } = useSentence(props.overview)
  return <h1 className="overview__sentence">{text}</h1>
}

export function OverviewScreen() {
  const overview = useCall(api.overview.getOverview, {}, { refetchInterval: everyMs })
  const layout = useCall(api.stack.getLayout, {}, { staleTime: Number.POSITIVE_INFINITY })
  const again = () => void refetchRoute(api.overview.getOverview)
  useLiveRoom('alarms', { onDelta: again, onResync: again })
  useLiveRoom('stack', { onDelta: again })
  const data = overview.data
  // An alarm of the air and a range that knows nothing of it must not stand side by side.
  useLiveRoom('climate', {
    onDelta: (d) => data && d.values.some((v) => isNews(data.rooms, v)) && again(),
  })
  if (!data)
    return overview.error ? <ErrorNote error={overview.error} onRetry={again} /> : <Loading />
  return (
    <div className="overview">
      <Sentence overview={data} />
      <div className="overview__rooms">
        {data.rooms.map((room) => (
          <RoomCard key={room.room} room={room} layout={layout.data} />
        ))}
      </div>
      <TodoList todo={data.todo} banks={layout.data?.banks ?? []} />
    </div>
  )
}
