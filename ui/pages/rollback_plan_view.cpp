#include "pages/rollback_plan_view.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>

#include "cluster/rollback_words.h"
#include "pages/rollback_words.h"
#include "pages/row_copy.h"
#include "widgets/focus_ring.h"
#include "widgets/metrics.h"
#include "widgets/tag.h"

namespace vx11::ui {
namespace {

using State = cluster::RollbackStep::State;

constexpr int rowHeight = 49, runningHeight = 70, barWidth = 3;
constexpr int numberRight = 30, markLeft = 41, textLeft = 66, timeWidth = 74, lineHeight = 18;
constexpr int stripHeight = 8, stripGap = 3;

struct Writer {
  QPainter* painter;
  const Theme& theme;
  void operator()(const QRect& place, FontRole role, Token color, const QString& text,
                  Qt::Alignment side = Qt::AlignLeft) const {
    painter->setFont(theme.font(role));
    painter->setPen(theme.color(color));
    painter->drawText(place, static_cast<int>(side | Qt::AlignVCenter) | Qt::TextSingleLine,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, place.width()));
  }
};

Token colorOf(State state) {
  switch (state) {
    case State::Done:
      return Token::Ok;
    case State::Running:
      return Token::Info;
    case State::Failed:
      return Token::Crit;
    case State::Asking:
      return Token::WarnFill;
    case State::Waiting:
    case State::Skipped:
      break;
  }
  return Token::Border;
}

/// It runs, or waits for the operator.
bool isOpen(const cluster::RollbackStep& step) { return step.state == State::Running || step.state == State::Asking; }

}  // namespace

void RollbackPlanModel::display(const QList<TimedStep>& steps, qint64 now) {
  now_ = now;
  if (steps.size() != steps_.size()) {
    beginResetModel();
    steps_ = steps;
    endResetModel();
    return;
  }
  for (int row = 0; row < steps.size(); ++row) {
    const bool runs = isOpen(steps.at(row).step);  // its time goes on
    if (!runs && steps_.at(row) == steps.at(row)) continue;
    steps_[row] = steps.at(row);
    Q_EMIT dataChanged(index(row), index(row));
  }
}

int RollbackPlanModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(steps_.size());
}

QVariant RollbackPlanModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const TimedStep& timed = steps_.at(index.row());
  const QString title = cluster::rollback::titleOf(timed.step), detail = rollback::detailOf(timed.step);
  if (role == Qt::DisplayRole) return title;
  if (role == Qt::ToolTipRole) return detail;
  if (role != Qt::AccessibleTextRole) return {};
  QStringList parts{tr("Step %1 of %2").arg(index.row() + 1).arg(steps_.size()), title,
                    markWord(rollback::markOf(timed.step)), detail};
  return parts.join(QStringLiteral(", "));
}

QSize RollbackStepDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
  return {320, isOpen(model_.steps().at(index.row()).step) ? runningHeight : rowHeight};
}

void RollbackStepDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
  const Theme& theme = themeOf(option.palette);
  const TimedStep& timed = model_.steps().at(index.row());
  const cluster::RollbackStep& step = timed.step;
  const bool asks = step.state == State::Asking;
  const bool runs = isOpen(step);
  const bool open = step.state == State::Waiting || step.state == State::Skipped;
  const QRect& rect = option.rect;
  const int middle = rect.y() + (rect.height() - 1) / 2;
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing, false);
  const bool selected = option.state.testFlag(QStyle::State_Selected);
  painter->fillRect(rect, theme.color(asks ? Token::WarnBg : runs ? Token::InfoBg : selected ? Token::Alt : Token::Base));
  painter->fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color(Token::Border));
  if (runs) painter->fillRect(rect.x(), rect.y(), barWidth, rect.height() - 1, theme.color(colorOf(step.state)));

  const Writer write{painter, theme};
  const auto lineAt = [&](int x, int y, int width) { return QRect(rect.x() + x, y, width, lineHeight); };
  write(lineAt(0, middle - lineHeight / 2, numberRight), FontRole::Body, Token::Text2, QString::number(index.row() + 1),
        Qt::AlignRight);
  paintMark(painter, QRectF(rect.x() + markLeft, middle - markSize / 2.0, markSize, markSize), rollback::markOf(step),
            theme);

  const QString where = cluster::rollback::whereOf(step);
  const QSize tag = tagSize(where, TagKind::Mode, theme);
  const int right = rect.width() - metrics::space12;
  const int tagLeft = right - timeWidth - metrics::space12 - tag.width();
  paintTag(painter, QRectF(rect.x() + tagLeft, middle - tag.height() / 2.0, tag.width(), tag.height()), where,
           TagKind::Mode, theme);
  write(lineAt(right - timeWidth, middle - lineHeight / 2, timeWidth), FontRole::Body,
        open ? Token::Text2 : Token::Text, rollback::timeOf(timed, model_.now()), Qt::AlignRight);

  const int width = tagLeft - textLeft - metrics::space12;
  const QString detail = rollback::detailOf(step);
  const int above = detail.isEmpty() ? lineHeight / 2 : lineHeight - 1;
  write(lineAt(textLeft, middle - above, width), runs ? FontRole::BodyStrong : FontRole::Body,
        open ? Token::Text2 : Token::Text, cluster::rollback::titleOf(step));
  write(lineAt(textLeft, middle, width), FontRole::Label, step.state == State::Failed ? Token::Crit : Token::Text2,
        detail);
  if (option.state.testFlag(QStyle::State_HasFocus)) paintFocusRing(painter, rect, metrics::controlRadius, theme);
  painter->restore();
}

RollbackPlanView::RollbackPlanView(QWidget* parent) : QListView(parent), plan_(new RollbackPlanModel(this)) {
  setModel(plan_);
  setItemDelegate(new RollbackStepDelegate(*plan_, this));
  setFrameShape(QFrame::NoFrame);
  setVerticalScrollMode(ScrollPerPixel);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setEditTriggers(NoEditTriggers);
  setAccessibleName(tr("Steps of the plan"));
  viewport()->setAutoFillBackground(false);
  copyRowsOf(*this);
}

void RollbackPlanView::display(const QList<TimedStep>& steps, qint64 now) {
  plan_->display(steps, now);
  const auto found = std::find_if(steps.begin(), steps.end(), [](const auto& each) {
    return isOpen(each.step);
  });
  const int running = found == steps.end() ? -1 : static_cast<int>(found - steps.begin());
  if (std::exchange(running_, running) == running) return;
  doItemsLayout();  // the running one is higher
  if (running >= 0) scrollTo(plan_->index(running));
}

RollbackStrip::RollbackStrip(QWidget* parent) : QWidget(parent) {
  setFixedHeight(stripHeight);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void RollbackStrip::display(const QList<TimedStep>& steps) {
  steps_.clear();
  for (const TimedStep& each : steps) steps_ << each.step;
  const auto done =
      std::count_if(steps.begin(), steps.end(), [](const auto& each) { return each.step.state == State::Done; });
  setAccessibleName(tr("%1 of %2 steps done").arg(done).arg(steps.size()));
  update();
}

void RollbackStrip::paintEvent(QPaintEvent*) {
  if (steps_.isEmpty()) return;
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  const auto count = static_cast<int>(steps_.size());
  const auto edge = [&](int i) { return i * (width() + stripGap) / count; };
  for (int i = 0; i < count; ++i)
    painter.fillRect(QRect(edge(i), 0, std::max(2, edge(i + 1) - stripGap - edge(i)), stripHeight),
                     theme.color(colorOf(steps_.at(i).state)));
}

void RollbackStrip::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
