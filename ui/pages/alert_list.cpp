#include "pages/alert_list.h"

#include <QVBoxLayout>
#include <algorithm>

namespace vx11::ui {

AlertList::AlertList(AlertRow::Form form, const QString& accessibleName, QWidget* parent)
    : QScrollArea(parent), form_(form), content_(new QWidget) {
  setAccessibleName(accessibleName);
  setFrameShape(QFrame::NoFrame);
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFocusPolicy(Qt::NoFocus);
  auto* column = new QVBoxLayout(content_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addStretch(1);
  setWidget(content_);
}

AlertRow* AlertList::newRow() {
  auto* row = new AlertRow(form_);
  connect(row, &AlertRow::chosen, this, [this, row] { choose(row->key()); });
  connect(row, &AlertRow::leftBy, this, [this, row](int by) {
    AlertRow* other = rows_.value(rows_.indexOf(row) + by);
    if (other == nullptr) return;
    other->setFocus(Qt::OtherFocusReason);
    ensureWidgetVisible(other, 0, 0);
  });
  connect(row, &AlertRow::runbookRequested, this, [this, row] {
    choose(row->key());
    Q_EMIT runbookRequested();
  });
  connect(row, &AlertRow::acknowledgeRequested, this, [this, row] { Q_EMIT acknowledgeRequested(row->key()); });
  connect(row, &AlertRow::silenceRequested, this,
          [this, row](std::optional<qint64> forMs) { Q_EMIT silenceRequested(row->key(), forMs); });
  connect(row, &AlertRow::endSilenceRequested, this, [this, row] { Q_EMIT endSilenceRequested(row->key()); });
  return row;
}

void AlertList::place(const QList<cluster::Alert>& alerts) {
  QList<AlertRow*> left = std::exchange(rows_, {}), placed;
  for (const cluster::Alert& alert : alerts) {
    const auto same = std::find_if(left.begin(), left.end(), [&](AlertRow* row) { return row->key() == alert.key; });
    placed.append(same == left.end() ? nullptr : *same);
    if (same != left.end()) left.erase(same);
  }
  auto* column = static_cast<QVBoxLayout*>(content_->layout());
  for (qsizetype i = 0; i < placed.size(); ++i) {
    AlertRow* row = placed[i] != nullptr ? placed[i] : left.isEmpty() ? newRow() : left.takeFirst();
    if (column->indexOf(row) != i) column->insertWidget(static_cast<int>(i), row);
    rows_.append(row);
  }
  for (AlertRow* row : std::as_const(left)) row->deleteLater();
}

void AlertList::display(const QList<cluster::Alert>& alerts, const cluster::Cluster& cluster,
                        const cluster::AlertThresholds& thresholds) {
  place(alerts);
  for (qsizetype i = 0; i < alerts.size(); ++i) rows_[i]->display(alerts[i], cluster, thresholds);
  const auto before = chosen_;
  const bool there = chosen_ && std::any_of(rows_.begin(), rows_.end(), [&](auto* row) { return row->key() == *chosen_; });
  if (!there || !chosenByHand_) {
    chosenByHand_ = false;
    chosen_ = rows_.isEmpty() ? std::nullopt : std::optional(rows_.first()->key());
  }
  markChosen();
  if (before != chosen_) Q_EMIT chosenChanged();
}

void AlertList::choose(const cluster::AlertKey& key) {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [&](AlertRow* row) { return row->key() == key; });
  if (found == rows_.end()) return;
  chosenByHand_ = true;
  const bool changed = chosen_ != key;
  chosen_ = key;
  markChosen();
  ensureWidgetVisible(*found, 0, 0);
  if (changed) Q_EMIT chosenChanged();
}

void AlertList::markChosen() {
  for (AlertRow* row : std::as_const(rows_)) row->setChosen(chosen_ == row->key());
}

}  // namespace vx11::ui
