// How the open streams are, as a whole: the line under the page's title. Pure functions.
#pragma once

#include <QList>
#include <QString>

#include "cluster/streams.h"
#include "widgets/state_mark.h"

namespace vx11::ui::streams {

struct Verdict {
  Mark mark = Mark::Waiting;
  QString phrase, sentence;
};

/// Refused ones first, then those that wait; of healthy ones how many events came, and when the last one.
[[nodiscard]] Verdict verdictOf(const QList<cluster::StreamInfo>& all, qint64 now);

}  // namespace vx11::ui::streams
