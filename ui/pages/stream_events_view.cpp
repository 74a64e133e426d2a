#include "pages/stream_events_view.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "cluster/streams.h"
#include "delegates/table_header.h"
#include "models/stream_event_model.h"
#include "models/stream_words.h"
#include "pages/list_table.h"
#include "pages/stream_delegates.h"
#include "platform/icons.h"
#include "widgets/divider.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int fieldWidth = 240, wholeHeight = 88, idNeeds = 520, streamNeeds = 420;

}  // namespace

StreamEventsView::StreamEventsView(const Services& services, QWidget* parent)
    : Card(tr("Events"), parent),
      services_(services),
      model_(new StreamEventModel(*services.cluster.streams(), this)),
      field_(new QLineEdit),
      heartbeats_(new QCheckBox(tr("Heartbeats"))),
      table_(new ListTable(tr("Events"))),
      empty_(new EmptyState(QStringLiteral("broadcast"), {})),
      stack_(new QStackedWidget),
      whole_(new QPlainTextEdit),
      resume_(new LinkButton(tr("Open from here"))) {
  field_->addAction(themedIcon(QStringLiteral("funnel"), Token::Text3), QLineEdit::LeadingPosition)
      ->setText(tr("Filter"));
  field_->setClearButtonEnabled(true);
  field_->setPlaceholderText(tr("Filter events"));
  field_->setAccessibleName(tr("Filter"));
  field_->setToolTip(tr("By name, id, data or instance"));
  field_->setMaximumWidth(fieldWidth);
  heartbeats_->setChecked(true);
  auto* clear = new LinkButton(tr("Clear"));
  clear->setToolTip(tr("Forget the events that are held; the streams go on"));
  auto* exportButton = new LinkButton(tr("Export CSV"));
  exportButton->setToolTip(tr("The events shown (Ctrl+S)"));
  resume_->setToolTip(tr("Put this event’s id into the form, as the Last-Event-ID of the next streams"));
  addHeaderWidget(clear);
  addHeaderWidget(exportButton);

  auto* bar = new QHBoxLayout;
  bar->setContentsMargins(metrics::space8, metrics::space4, metrics::space8, metrics::space4);
  bar->setSpacing(metrics::space12);
  bar->addWidget(field_, 1);
  bar->addWidget(heartbeats_);
  bar->addStretch(1);
  bar->addWidget(resume_);
  buildTable();
  stack_->addWidget(table_);
  stack_->addWidget(empty_);
  whole_->setReadOnly(true);
  whole_->setFrameShape(QFrame::NoFrame);
  whole_->setFont(services.themes.theme().font(FontRole::Fixed));
  whole_->setAccessibleName(tr("Data of the chosen event"));
  whole_->setTabChangesFocus(true);
  whole_->setFixedHeight(wholeHeight);
  body()->setContentsMargins(1, 1, 1, 1);
  body()->setSpacing(0);
  body()->addLayout(bar);
  body()->addWidget(new Divider);
  body()->addWidget(stack_, 1);
  body()->addWidget(whole_);

  connect(field_, &QLineEdit::textChanged, this, &StreamEventsView::applyFilter);
  connect(heartbeats_, &QCheckBox::toggled, this, &StreamEventsView::applyFilter);
  connect(clear, &QAbstractButton::clicked, services.cluster.streams(), &cluster::Streams::clearEvents);
  connect(exportButton, &QAbstractButton::clicked, this, &StreamEventsView::exportWanted);
  connect(resume_, &QAbstractButton::clicked, this, [this] {
    const QList<int> rows = table_->chosenRows();
    if (rows.size() == 1) Q_EMIT resumeWanted(model_->eventAt(rows.first()).id);
  });
  connect(table_, &ListTable::copyWanted, this, &StreamEventsView::copyRows);
  connect(table_, &ListTable::chosen, this, &StreamEventsView::showChosen);
  connect(model_, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex&, int first, int last) {
    // What one reads stays where it is, although what was above it has gone.
    QScrollBar* scroll = table_->verticalScrollBar();
    if (!atEnd_) scroll->setValue(scroll->value() - (last - first + 1) * rowHeight());
  });
  for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
    connect(model_, signal, this, &StreamEventsView::refresh);
  connect(model_, &QAbstractItemModel::modelReset, this, [this] {
    atEnd_ = true;
    follow();
    refresh();
  });
  connect(&services.themes, &ThemeManager::changed, this,
          [this] { whole_->setFont(services_.themes.theme().font(FontRole::Fixed)); });
  connect(services.cluster.streams(), &cluster::Streams::listChanged, this, &StreamEventsView::refresh);
  refresh();
  showChosen();
}

void StreamEventsView::buildTable() {
  table_->setModel(model_);
  table_->setItemDelegate(new StreamEventDelegate(*model_, table_));
  const QFontMetrics fixed(services_.themes.theme().font(FontRole::Fixed));
  const auto width = [&](const char* sample) {
    return fixed.horizontalAdvance(QString::fromUtf8(sample)) + 2 * cellPadding + 2;
  };
  table_->setColumnWidth(StreamEventModel::Time, width("00:00:00.000"));
  table_->setColumnWidth(StreamEventModel::Stream, width("#000 fra-1"));
  table_->setColumnWidth(StreamEventModel::Id, width("aaaaaa…000-0"));
  table_->setColumnWidth(StreamEventModel::Name, width("order.updated"));
  table_->header()->setStretchLastSection(true);
  // The id gives way first: whose event it is stands nowhere else.
  table_->hideBelow(StreamEventModel::Id, idNeeds);
  table_->hideBelow(StreamEventModel::Stream, streamNeeds);
  // A view that is at the end stays there; one that was scrolled up stands still.
  QScrollBar* bar = table_->verticalScrollBar();
  connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) { atEnd_ = value >= bar->maximum(); });
  connect(bar, &QScrollBar::rangeChanged, this, [this] { follow(); });
}

int StreamEventsView::rowHeight() const { return table_->verticalHeader()->defaultSectionSize(); }

void StreamEventsView::addFoot(QWidget* widget) {
  auto* row = new QHBoxLayout;
  row->setContentsMargins(metrics::space8, metrics::space8, metrics::space8, metrics::space8);
  row->addWidget(widget);
  body()->addWidget(new Divider);
  body()->addLayout(row);
}

void StreamEventsView::follow() {
  if (atEnd_) table_->scrollToBottom();
}

void StreamEventsView::showOf(const QList<quint64>& streams) {
  of_ = streams;
  applyFilter();
}

void StreamEventsView::applyFilter() {
  model_->setFilter({{of_.begin(), of_.end()}, field_->text().trimmed(), heartbeats_->isChecked()});
  refresh();
}

void StreamEventsView::setFrozen(bool frozen) { model_->setFrozen(frozen); }

void StreamEventsView::focusFilter() {
  field_->setFocus(Qt::ShortcutFocusReason);
  field_->selectAll();
}

bool StreamEventsView::clearFilter() {
  if (field_->text().isEmpty()) return false;
  field_->clear();
  return true;
}

void StreamEventsView::refresh() {
  const int shown = model_->rowCount();
  setNote(model_->total() == 0 ? QString()
                               : tr("Showing %1 of %2").arg(format::count(shown), format::count(model_->total())));
  const bool noStream = services_.cluster.streams()->streams().isEmpty();
  empty_->setSentence(model_->total() > 0 ? tr("No event passes the filter.")
                      : noStream          ? tr("Events show up here as they arrive.")
                                          : tr("No event yet. A stream begins with its snapshot."));
  stack_->setCurrentIndex(shown > 0 ? 0 : 1);
}

void StreamEventsView::showChosen() {
  const QList<int> rows = table_->chosenRows();
  const bool one = rows.size() == 1;
  whole_->setVisible(one);
  whole_->setPlainText(one ? streams::wholeData(model_->eventAt(rows.first())) : QString());
  resume_->setVisible(one && !model_->eventAt(rows.first()).id.isEmpty());
}

void StreamEventsView::copyRows() {
  QStringList lines;
  for (const int row : table_->chosenRows()) lines << model_->plain(row);
  if (lines.isEmpty()) return Q_EMIT message(tr("No event is chosen"));
  services_.clipboard.copyPlain(lines.join(u'\n'));
  Q_EMIT message(lines.size() == 1 ? tr("Copied 1 event") : tr("Copied %1 events").arg(format::count(lines.size())));
}

}  // namespace vx11::ui
