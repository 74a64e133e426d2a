#include "pages/stream_list.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "cluster/streams.h"
#include "delegates/table_header.h"
#include "dialogs/dangerous.h"
#include "models/stream_table_model.h"
#include "models/stream_words.h"
#include "pages/list_table.h"
#include "pages/stream_delegates.h"
#include "widgets/divider.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

using cluster::StreamInfo;
using State = StreamInfo::State;

constexpr int widths[StreamTableModel::columns] = {48, 122, 70, 88, 58, 50};

constexpr int nameNeeds = 420;

QPushButton* small(const QString& text) {
  auto* button = new QPushButton(text);
  button->setProperty("small", true);
  return button;
}

}  // namespace

StreamList::StreamList(const Services& services, QWidget* parent)
    : Card(tr("Streams"), parent),
      services_(services),
      streams_(*services.cluster.streams()),
      model_(new StreamTableModel(streams_, [this] { return services_.cluster.now(); }, this)),
      table_(new ListTable(tr("Streams"))),
      empty_(new EmptyState(QStringLiteral("broadcast"),
                            tr("No stream. Open one above; what comes by it is told beside."))),
      stack_(new QStackedWidget),
      reconnect_(small(tr("Reconnect"))),
      close_(small(tr("Close"))),
      forget_(small(tr("Remove"))) {
  buildTable();
  body()->setContentsMargins(1, 1, 1, 1);
  body()->setSpacing(0);
  stack_->addWidget(table_);
  stack_->addWidget(empty_);
  body()->addWidget(stack_, 1);
  body()->addWidget(new Divider);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(metrics::space8, metrics::space8, metrics::space8, metrics::space8);
  buttons->setSpacing(metrics::space8);
  for (QPushButton* button : {reconnect_, close_, forget_}) buttons->addWidget(button);
  buttons->addStretch(1);
  body()->addLayout(buttons);

  connect(table_, &ListTable::chosen, this, [this] {
    refresh();
    Q_EMIT chosenChanged();
  });
  connect(table_, &ListTable::copyWanted, this, &StreamList::copyRows);
  connect(reconnect_, &QPushButton::clicked, this, &StreamList::reconnect);
  connect(close_, &QPushButton::clicked, this, &StreamList::closeChosen);
  connect(forget_, &QPushButton::clicked, this, &StreamList::forgetChosen);
  connect(&streams_, &cluster::Streams::changed, this, &StreamList::refresh);
  connect(&streams_, &cluster::Streams::listChanged, this, &StreamList::refresh);
  refresh();
}

void StreamList::buildTable() {
  table_->setModel(model_);
  table_->setItemDelegate(new StreamDelegate(*model_, table_));
  for (int column = 0; column < StreamTableModel::columns; ++column) table_->setColumnWidth(column, widths[column]);
  table_->header()->setSectionResizeMode(StreamTableModel::State, QHeaderView::Stretch);
  table_->hideBelow(StreamTableModel::Name, nameNeeds);
}

QList<quint64> StreamList::chosen() const {
  QList<quint64> ids;
  for (const int row : table_->chosenRows()) ids << model_->info(row).id;
  return ids;
}

void StreamList::clearChoice() { table_->clearSelection(); }
void StreamList::setFrozen(bool frozen) { model_->setFrozen(frozen); }

void StreamList::refresh() {
  const QList<quint64> ids = chosen();
  int open = 0, closed = 0;
  for (const StreamInfo& info : streams_.streams()) {
    const bool picked = ids.contains(info.id);
    open += picked && info.state != State::Closed;
    closed += picked && info.state == State::Closed;
  }
  const auto set = [](QPushButton* button, const QString& why, const QString& help) {
    button->setEnabled(why.isEmpty());
    button->setToolTip(why.isEmpty() ? help : why);
  };
  const QString none = ids.isEmpty() ? tr("Choose a stream first.") : QString();
  // One that has ended needs a fresh token: that is a change.
  set(reconnect_, none.isEmpty() && closed > 0 ? dangerous::whyNot(services_.cluster) : none,
      tr("Cut and opened again with the last event’s id; one that has ended gets a fresh token"));
  set(close_, none.isEmpty() && open == 0 ? tr("It is closed.") : none, tr("Close them; they stay in the list"));
  set(forget_, none, tr("Close them, and take them off the list"));
  stack_->setCurrentIndex(model_->rowCount() > 0 ? 0 : 1);
  setNote(ids.isEmpty() ? QString() : tr("%1 chosen").arg(format::count(ids.size())));
}

void StreamList::reconnect() {
  const QList<quint64> ids = chosen();
  const auto go = [this, ids] {
    for (const quint64 id : ids) {
      const QString problem = streams::failure(streams_.reconnect(id));
      if (!problem.isEmpty()) return Q_EMIT message(problem);
    }
    Q_EMIT message(tr("Reconnecting %1").arg(streams::count(ids.size())));
  };
  const auto& all = streams_.streams();
  const bool fresh = std::any_of(all.begin(), all.end(), [&](const StreamInfo& info) {
    return ids.contains(info.id) && info.state == State::Closed;
  });
  if (!fresh) return go();
  Confirmation question;
  question.title = tr("Open streams");
  question.question =
      tr("Open %1 again on %2?").arg(streams::count(ids.size()), services_.cluster.profile().name);
  question.facts = {{tr("Issued"), tr("a fresh token for each that has ended")}};
  question.verb = tr("Open %1").arg(streams::count(ids.size()));
  dangerous::ask(this, services_.cluster, question, dangerous::Asks::ToLift, go);
}

void StreamList::closeChosen() {
  for (const quint64 id : chosen()) streams_.close(id);
}

void StreamList::forgetChosen() {
  for (const quint64 id : chosen()) streams_.forget(id);
}

void StreamList::copyRows() {
  QStringList lines;
  for (const int row : table_->chosenRows()) lines << model_->plain(row);
  if (lines.isEmpty()) return Q_EMIT message(tr("No stream is chosen"));
  services_.clipboard.copyPlain(lines.join(u'\n'));
  Q_EMIT message(lines.size() == 1 ? tr("Copied 1 row, masked") : tr("Copied %1 rows, masked").arg(lines.size()));
}

}  // namespace vx11::ui
