#include "pages/rollback_gates.h"

#include <QCoreApplication>
#include <QEvent>
#include <QPainter>
#include <algorithm>

#include "pages/rollback_words.h"
#include "widgets/format.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

using cluster::InstanceInfo;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

constexpr int rowHeight = 26, textLeft = 22;

class Lines {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::RollbackGates)
 public:
  Lines(const RollbackRun& run, const RollbackStep& step, const QList<InstanceInfo>& instances)
      : run_(run), step_(step), instances_(instances) {}

  QList<GateLine> all() {
    if (step_.slot >= 0) ofOne();
    else ofCluster();
    return lines_;
  }

 private:
  void add(Mark mark, const QString& text, const QString& value) { lines_ << GateLine{mark, text, value}; }

  [[nodiscard]] const InstanceInfo* instance() const {
    const auto found =
        std::find_if(instances_.begin(), instances_.end(), [&](const auto& info) { return info.slot == step_.slot; });
    return found == instances_.end() ? nullptr : &*found;
  }

  void ofOne() {
    const InstanceInfo* info = instance();
    if (info == nullptr) return;
    if (step_.kind == Kind::Stop) {
      const bool gone = info->state == cluster::InstanceState::Unreachable ||
                        info->state == cluster::InstanceState::Stopped;
      const bool none = gone || info->streams == 0;
      add(none ? Mark::Pass : Mark::Running, tr("No stream left on %1").arg(info->id),
          none ? QString() : tr("%1 to go").arg(format::count(info->streams)));
      return add(gone ? Mark::Pass : Mark::Waiting, tr("It has ended"), gone ? QString() : markWord(markOf(info->state)));
    }
    add(markOf(info->state) == Mark::Live ? Mark::Pass : markOf(info->state), tr("%1 answers").arg(info->id),
        info->state == cluster::InstanceState::Live && info->checkLatency
            ? tr("checks in %1").arg(format::latency(info->checkLatency->p95))
            : markWord(markOf(info->state)));
    if (!step_.to.isEmpty() && info->internalCalls) {
      const bool there = info->mode == step_.to;
      add(there ? Mark::Pass : step_.state == State::Running ? Mark::Running : Mark::Waiting,
          tr("It is in %1 mode").arg(step_.to), there ? QString() : info->mode.isEmpty() ? format::unknown() : info->mode);
    }
    ofStep(Kind::Gate, step_.slot, tr("It issues a token and accepts it"));
  }

  void ofCluster() {
    const auto skipped = [this](const InstanceInfo& info) {
      return run_.spec().skip.contains(info.id) || run_.spec().skip.contains(info.url.toString());
    };
    const auto live = std::count_if(instances_.begin(), instances_.end(),
                                    [](const auto& info) { return info.state == cluster::InstanceState::Live; });
    const auto wanted =
        std::count_if(instances_.begin(), instances_.end(), [&](const auto& info) { return !skipped(info); });
    add(live >= wanted ? Mark::Pass : Mark::Warning, tr("Every instance answers"), tr("%1 of %2").arg(live).arg(wanted));
    ofStep(Kind::Sticky, -1, tr("Routing goes where it should"));
    ofStep(Kind::Matrix, -1, tr("Cross-instance test as the mode promises"));
    // The instances' own counters hold this operation's checks too: the step alone can tell them apart.
    ofStep(Kind::Watch, -1, tr("Refused checks under %1").arg(rollback::percent(run_.gate())));
  }

  /// As the step of the plan that judges it.
  void ofStep(Kind kind, int slot, const QString& text) {
    for (const TimedStep& each : run_.steps()) {
      if (each.step.kind != kind || each.step.slot != slot) continue;
      const State state = each.step.state;
      const QString value = state == State::Waiting ? tr("later")
                            : state == State::Done  ? QString()
                            : each.step.failed      ? tr("failed")
                                                    : markWord(rollback::markOf(each.step)).toLower();
      return add(rollback::markOf(each.step), text, value);
    }
  }

  const RollbackRun& run_;
  const RollbackStep& step_;
  const QList<InstanceInfo>& instances_;
  QList<GateLine> lines_;
};

}  // namespace

QList<GateLine> gatesOf(const RollbackRun& run, int index, const QList<InstanceInfo>& instances) {
  if (index < 0 || index >= run.steps().size()) return {};
  return Lines(run, run.steps().at(index).step, instances).all();
}

RollbackGates::RollbackGates(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void RollbackGates::display(const QList<GateLine>& lines) {
  if (lines == lines_) return;
  const bool resized = lines.size() != lines_.size();
  lines_ = lines;
  QStringList said;
  for (const GateLine& line : lines) said << QStringLiteral("%1: %2 %3").arg(line.text, markWord(line.mark), line.value).trimmed();
  setAccessibleName(said.join(QStringLiteral("; ")));
  if (resized) updateGeometry();
  update();
}

QSize RollbackGates::sizeHint() const { return {200, static_cast<int>(lines_.size()) * rowHeight}; }

void RollbackGates::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  painter.setFont(theme.font(FontRole::Body));
  const QFontMetrics metrics = painter.fontMetrics();
  for (int row = 0; row < lines_.size(); ++row) {
    const GateLine& line = lines_.at(row);
    const QRect place(0, row * rowHeight, width(), rowHeight);
    paintMark(&painter, QRectF(0, place.y() + (rowHeight - markSizeInTable) / 2.0, markSizeInTable, markSizeInTable), line.mark, theme);
    const int right = metrics.horizontalAdvance(line.value);
    painter.setPen(theme.color(isTrouble(line.mark) ? markColor(line.mark) : Token::Text2));
    painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter, line.value);
    const QRect left = place.adjusted(textLeft, 0, -right - metrics::space12, 0);
    painter.setPen(theme.color(Token::Text));
    painter.drawText(left, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(line.text, Qt::ElideRight, left.width()));
  }
}

void RollbackGates::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) updateGeometry();
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
