#include "pages/stream_verdict.h"

#include <QCoreApplication>
#include <algorithm>

#include "models/stream_words.h"
#include "widgets/format.h"

namespace vx11::ui::streams {
namespace {

using cluster::StreamInfo;
using State = StreamInfo::State;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::streams)
};

QString sentenceOf(const StreamInfo& info) {
  return Words::tr("%1 on %2: %3.").arg(name(info.id), where(info), reason(info.reason));
}

}  // namespace

Verdict verdictOf(const QList<StreamInfo>& all, qint64 now) {
  int open = 0, waiting = 0, refused = 0;
  qint64 events = 0, last = -1;
  const StreamInfo* worst = nullptr;
  for (const StreamInfo& info : all) {
    const bool ended = info.state == State::Closed && info.reason != QStringLiteral("closed");
    open += info.state == State::Open;
    waiting += info.state == State::Waiting;
    refused += ended;
    events += info.events;
    last = std::max(last, info.lastEventAt);
    if (ended || (info.state == State::Waiting && (worst == nullptr || worst->state != State::Closed))) worst = &info;
  }
  if (all.isEmpty())
    return {Mark::Waiting, Words::tr("No stream is open."),
            Words::tr("Each gets a token of its own and behaves as a browser’s EventSource does.")};
  if (refused > 0)
    return {Mark::Fail, Words::tr("%1 refused for good.").arg(count(refused)), sentenceOf(*worst)};
  if (waiting > 0)
    return {Mark::Warning,
            waiting == 1 ? Words::tr("1 of %1 waits to come back.").arg(count(all.size()))
                         : Words::tr("%1 of %2 wait to come back.").arg(format::count(waiting), count(all.size())),
            sentenceOf(*worst)};
  if (open == 0) {
    const bool closed = std::all_of(all.begin(), all.end(), [](const auto& info) { return info.state == State::Closed; });
    return closed ? Verdict{Mark::Stopped, Words::tr("No stream is open."),
                            Words::tr("Those of before stay listed until they are removed.")}
                  : Verdict{Mark::Starting, Words::tr("Opening %1.").arg(count(all.size())),
                            Words::tr("A token is issued for each, then its stream is opened.")};
  }
  const QString came = last < 0 ? Words::tr("No event yet.")
                                : Words::tr("%1, the last %2 ago.")
                                      .arg(events == 1 ? Words::tr("1 event") : Words::tr("%1 events").arg(format::count(events)),
                                           format::duration((now - last) / 1000));
  return {Mark::Live, open == 1 ? Words::tr("1 stream open.") : Words::tr("%1 streams open.").arg(format::count(open)), came};
}

}  // namespace vx11::ui::streams
