#include "pages/log_view.h"

#include <QEvent>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "delegates/table_header.h"
#include "models/log_model.h"
#include "pages/log_delegate.h"
#include "pages/log_filter_bar.h"
#include "pages/list_table.h"
#include "pages/log_text.h"
#include "pages/save_file.h"
#include "platform/icons.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/metrics.h"

namespace vx11::ui {

using cluster::LogEntry;

namespace {

constexpr int rowHeight = rowHeightOf(Density::Compact);
constexpr int jsonWidth = 372, narrow = 720;

}  // namespace

LogView::LogView(const Services& services, QWidget* parent)
    : QWidget(parent),
      services_(services),
      model_(new LogModel(logSentence, 10'000, this)),
      bar_(new LogFilterBar),
      table_(new ListTable(tr("Log"))),
      json_(new QPlainTextEdit),
      newLines_(new QPushButton(table_)),
      empty_(new EmptyState(QStringLiteral("journal-text"), {})) {
  setAccessibleName(tr("Log"));
  buildTable();
  json_->setReadOnly(true);
  json_->setMinimumWidth(200);
  json_->setFrameShape(QFrame::NoFrame);
  json_->setFont(services.themes.theme().font(FontRole::Fixed));
  json_->setAccessibleName(tr("Chosen entry as JSON"));

  auto* lines = new QWidget;
  stack_ = new QStackedLayout(lines);
  stack_->addWidget(table_);
  stack_->addWidget(empty_);
  auto* splitter = new QSplitter;
  splitter->addWidget(lines);
  splitter->addWidget(json_);
  splitter->setChildrenCollapsible(false);
  splitter->setStretchFactor(0, 5);
  splitter->setStretchFactor(1, 2);
  splitter->setSizes({1280 - jsonWidth, jsonWidth});
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(bar_);
  column->addWidget(splitter, 1);

  cluster::Journal& journal = services.cluster.journal();
  model_->append({journal.entries().begin(), journal.entries().end()});
  connect(&journal, &cluster::Journal::appended, model_, &LogModel::append);
  connect(model_, &LogModel::sourcesChanged, this, [this] { bar_->setSources(model_->sources()); });
  connect(model_, &LogModel::rowsInserted, this,
          [this](const QModelIndex&, int first, int last) { onInserted(first, last); });
  connect(model_, &LogModel::rowsRemoved, this,
          [this](const QModelIndex&, int first, int last) { onRemoved(last - first + 1); });
  connect(&journal, &cluster::Journal::appended, this, &LogView::updateState);
  connect(&services.themes, &ThemeManager::changed, this,
          [this] { json_->setFont(services_.themes.theme().font(FontRole::Fixed)); });
  connect(bar_, &LogFilterBar::filterChanged, this, &LogView::applyFilter);
  connect(bar_, &LogFilterBar::followsChanged, this, &LogView::setFollows);
  connect(bar_, &LogFilterBar::exportWanted, this, &LogView::save);
  bar_->setSources(model_->sources());
  applyFilter();
}

LogView::~LogView() {
  // The table still moves its scroll bar while it goes, after us.
  table_->verticalScrollBar()->disconnect(this);
}

void LogView::buildTable() {
  table_->setModel(model_);
  table_->setItemDelegate(new LogDelegate(*model_, table_));
  table_->setDensity(Density::Compact);
  table_->viewport()->installEventFilter(this);
  connect(table_, &ListTable::copyWanted, this, &LogView::copyRows);

  TableHeader* header = table_->header();
  const QFontMetrics fixed(services_.themes.theme().font(FontRole::Fixed));
  header->setSectionResizeMode(LogModel::Mark, QHeaderView::Fixed);
  header->setSectionResizeMode(LogModel::Message, QHeaderView::Stretch);
  header->resizeSection(LogModel::Time, fixed.horizontalAdvance(QStringLiteral("00:00:00.000")) + 2 * cellPadding + 2);
  header->resizeSection(LogModel::Mark, 2 * cellPadding + 12);
  header->resizeSection(LogModel::Source, 96);
  header->resizeSection(LogModel::Correlation, 168);
  // Beside a narrow message the id would cost more than it tells; the chosen entry has it.
  table_->hideBelow(LogModel::Correlation, narrow);

  newLines_->setProperty("small", true);
  newLines_->setIcon(themedIcon(QStringLiteral("chevron-down")));
  newLines_->setFocusPolicy(Qt::TabFocus);
  newLines_->hide();
  connect(newLines_, &QPushButton::clicked, this, [this] { setFollows(true); });
  QScrollBar* bar = table_->verticalScrollBar();
  connect(bar, &QScrollBar::valueChanged, this, &LogView::onScrolled);
  connect(bar, &QScrollBar::rangeChanged, this, [this, bar](int, int last) {
    if (!follows()) return;
    const QScopedValueRollback ours(scrollingByUs_, true);
    bar->setValue(last);
  });
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &LogView::showChosen);
}

void LogView::focusFilter() { bar_->focus(); }
bool LogView::escape() { return bar_->clear(); }
bool LogView::follows() const { return bar_->follows(); }

void LogView::setFollows(bool on) {
  bar_->setFollows(on);  // comes here once more when that changes it
  if (on) {
    unseen_ = 0;
    const QScopedValueRollback ours(scrollingByUs_, true);
    table_->scrollToBottom();
  }
  updateNewButton();
}

void LogView::onInserted(int first, int last) {
  if (follows()) return;  // the scroll bar's new range brings the end into view
  unseen_ += last - first + 1;
  updateNewButton();
}

void LogView::onRemoved(int count) {
  if (follows()) return;
  // What one reads stays where it is, although what was above it has gone.
  const QScopedValueRollback ours(scrollingByUs_, true);
  table_->verticalScrollBar()->setValue(table_->verticalScrollBar()->value() - count * rowHeight);
}

void LogView::onScrolled(int value) {
  if (scrollingByUs_ || !table_->isVisible()) return;
  const bool atEnd = value >= table_->verticalScrollBar()->maximum();
  if (follows() && !atEnd) setFollows(false);
  // Who scrolled down to what was new wants to go on with it.
  if (!follows() && atEnd && unseen_ > 0) setFollows(true);
}

void LogView::updateNewButton() {
  newLines_->setVisible(!follows() && unseen_ > 0);
  newLines_->setText(tr("%1 new").arg(format::count(unseen_)));
  newLines_->adjustSize();
  const QRect view = table_->viewport()->geometry();
  newLines_->move(view.center().x() - newLines_->width() / 2, view.bottom() - newLines_->height() - metrics::space8);
  newLines_->raise();
}

void LogView::applyFilter() {
  const int row = table_->currentIndex().row();
  const qint64 current = model_->number(row);
  model_->setFilter(bar_->filter());
  if (const int found = model_->rowOf(current); found >= 0) table_->selectRow(found);
  showChosen();
  if (follows()) setFollows(true);
  updateState();
}

void LogView::updateState() {
  const int shown = model_->rowCount();
  const bool nothingYet = model_->total() == 0;
  empty_->setSentence(nothingYet ? tr("Nothing yet; what you do shows up here.") : tr("No line passes the filter."));
  stack_->setCurrentIndex(shown > 0 ? 0 : 1);
  bar_->setCounts(shown, model_->total());
}

void LogView::showChosen() {
  const QModelIndex current = table_->currentIndex();
  json_->setVisible(current.isValid());
  json_->setPlainText(current.isValid() ? logJson(model_->entry(current.row()), true) : QString());
}

void LogView::copyRows() {
  QList<int> rows;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows()) rows += index.row();
  if (rows.isEmpty()) return;
  std::sort(rows.begin(), rows.end());
  QStringList lines;
  for (const int row : rows) lines += logPlain(model_->entry(row), model_->message(row));
  services_.clipboard.copyPlain(lines.join(u'\n'));
  Q_EMIT message(rows.size() == 1 ? tr("Copied 1 line of the log")
                                  : tr("Copied %1 lines of the log").arg(format::count(rows.size())));
}

QList<LogEntry> LogView::shownEntries() const {
  QList<LogEntry> entries;
  entries.reserve(model_->rowCount());
  for (int row = 0; row < model_->rowCount(); ++row) entries += model_->entry(row);
  return entries;
}

void LogView::save() {
  const QList<LogEntry> entries = shownEntries();
  saveFileAs(this, tr("Export log"), QStringLiteral("vx11-log"),
             {{tr("JSON lines (*.jsonl)"), QStringLiteral("jsonl"), [entries] { return logJsonLines(entries); }},
              {tr("Tables (*.csv)"), QStringLiteral("csv"), [entries] { return logCsv(entries); }},
              pictureOf(*this)},
             [this](const QString& said) { Q_EMIT message(said); });
}

QVariantMap LogView::viewState() const { return table_->viewState(); }
void LogView::restoreViewState(const QVariantMap& state) { table_->restoreViewState(state); }

bool LogView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == table_->viewport() && event->type() == QEvent::Resize) updateNewButton();
  return QWidget::eventFilter(watched, event);
}

void LogView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (follows()) setFollows(true);
}

}  // namespace vx11::ui
