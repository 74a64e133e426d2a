#include "pages/streams_page.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "cluster/streams.h"
#include "models/stream_event_model.h"
#include "models/stream_table_model.h"
#include "models/stream_words.h"
#include "pages/away_causes.h"
#include "pages/cluster_health.h"
#include "pages/csv_text.h"
#include "pages/list_table.h"
#include "pages/save_file.h"
#include "pages/stream_events_view.h"
#include "pages/stream_form.h"
#include "pages/stream_list.h"
#include "pages/stream_publish.h"
#include "pages/stream_verdict.h"
#include "pages/token_verdict.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/inline_bar.h"
#include "widgets/metrics.h"
#include "widgets/page_header.h"

namespace vx11::ui {
namespace {

constexpr int refreshEvery = 1000, leftWidth = 440, rightWidth = 590, leastLeft = 356, leastRight = 380;
const auto leftKey = QStringLiteral("left");
const auto formKey = QStringLiteral("form");
const auto listKey = QStringLiteral("streams");
const auto eventsKey = QStringLiteral("events");

}  // namespace

StreamsPage::StreamsPage(const Services& services, QWidget* parent)
    : Page(services, parent), header_(new PageHeader(tr("Streams"))), bar_(new InlineBar) {
  setAccessibleName(tr("Streams"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::pageSide, metrics::pageTop, metrics::pageSide, metrics::pageSide);
  column->setSpacing(metrics::cardGap);
  column->addWidget(header_);
  column->addWidget(bar_);
  if (cluster().streams() == nullptr) {
    header_->setVerdict(Mark::Skipped, tr("Not possible here."), tr("This profile’s cluster can’t hold streams."));
    column->addWidget(new EmptyState(QStringLiteral("broadcast"), tr("Streams and their events would be here.")), 1);
    return;
  }
  build();
  column->addWidget(splitter_, 1);
  connectAll();
  refresh();
}

void StreamsPage::build() {
  form_ = new StreamForm(cluster());
  list_ = new StreamList(services());
  view_ = new StreamEventsView(services());
  publish_ = new StreamPublish(cluster());
  view_->addFoot(publish_);
  auto* left = new QWidget;
  auto* rows = new QVBoxLayout(left);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(metrics::cardGap);
  rows->addWidget(form_);
  rows->addWidget(list_, 1);
  left->setMinimumWidth(leastLeft);
  view_->setMinimumWidth(leastRight);
  splitter_ = new QSplitter;
  splitter_->setHandleWidth(metrics::cardGap);
  splitter_->setChildrenCollapsible(false);
  splitter_->addWidget(left);
  splitter_->addWidget(view_);
  splitter_->setStretchFactor(0, 0);
  splitter_->setStretchFactor(1, 1);
  splitter_->setSizes({leftWidth, rightWidth});
}

void StreamsPage::connectAll() {
  auto& source = cluster();
  const auto look = [this] {
    if (inView_) refresh();
  };
  connect(&source, &cluster::Cluster::instanceChanged, this, look);
  connect(&source, &cluster::Cluster::instanceChanged, this, &StreamsPage::refreshVerdict);
  connect(&source, &cluster::Cluster::instancesChanged, this, look);
  connect(&source, &cluster::Cluster::canChangeChanged, this, look);
  connect(source.streams(), &cluster::Streams::changed, this, &StreamsPage::refreshVerdict);
  connect(source.streams(), &cluster::Streams::listChanged, this, &StreamsPage::refreshVerdict);
  connect(list_, &StreamList::chosenChanged, this, &StreamsPage::chosenChanged);
  connect(view_, &StreamEventsView::exportWanted, this, &StreamsPage::save);
  connect(view_, &StreamEventsView::resumeWanted, form_, &StreamForm::setLastEventId);
  connect(form_, &StreamForm::message, this, &Page::message);
  connect(list_, &StreamList::message, this, &Page::message);
  connect(view_, &StreamEventsView::message, this, &Page::message);
  connect(publish_, &StreamPublish::message, this, &Page::message);
  clockwork_.setInterval(refreshEvery);
  connect(&clockwork_, &QTimer::timeout, this, [this] {
    list_->model().tick();
    refreshVerdict();
    refreshBar();
  });
}

void StreamsPage::setInView(bool inView) {
  inView_ = inView;
  if (form_ == nullptr) return;
  inView ? clockwork_.start() : clockwork_.stop();
  if (inView) refresh();
}

void StreamsPage::setPaused(bool paused) {
  paused_ = paused;
  if (form_ == nullptr) return;
  list_->setFrozen(paused);
  view_->setFrozen(paused);
  refreshVerdict();
}

void StreamsPage::focusFilter() {
  if (view_ != nullptr) view_->focusFilter();
}

void StreamsPage::run() {
  if (form_ != nullptr) form_->open();
}

void StreamsPage::escape() {
  if (view_ != nullptr && !view_->clearFilter()) list_->clearChoice();
}

void StreamsPage::refresh() {
  form_->refresh();
  list_->refresh();
  publish_->refresh();
  refreshVerdict();
  refreshBar();
}

void StreamsPage::refreshVerdict() {
  const streams::Verdict verdict = streams::verdictOf(cluster().streams()->streams(), cluster().now());
  // Everybody's streams, as instances tell; amber when one of ours is in trouble.
  const qint64 open = health::openStreams(cluster().instances());
  const bool trouble = verdict.mark == Mark::Warning || verdict.mark == Mark::Fail;
  const Badge badge{open > 0 ? format::count(open) : QString(), trouble, false};
  if (badge != badge_) Q_EMIT badgeChanged(badge_ = badge);
  if (!inView_) return;
  if (paused_) return header_->setVerdict(Mark::Paused, tr("Paused."), tr("The streams go on; their events are kept."));
  header_->setVerdict(verdict.mark, verdict.phrase, verdict.sentence);
}

void StreamsPage::refreshBar() {
  showAway(
      *bar_, cluster(),
      [](const auto&) { return tr("Its streams come back by themselves once it answers, as a browser’s do."); },
      [this] { Q_EMIT openLog(); });
}

/// What is published goes where the chosen streams are: in mode memory nobody else would hear of it.
void StreamsPage::chosenChanged() {
  const QList<quint64> ids = list_->chosen();
  view_->showOf(ids);
  int slot = -1;
  for (const cluster::StreamInfo& info : cluster().streams()->streams()) {
    if (!ids.contains(info.id)) continue;
    if (slot >= 0 && info.slot != slot) {
      slot = -1;
      break;
    }
    slot = info.slot;
  }
  publish_->setSlot(slot);
}

QByteArray StreamsPage::csv() const {
  QString text = QStringLiteral("time,stream,instance,kind,id,name,data,bytes\n");
  for (const cluster::StreamEvent& event : view_->model().events()) {
    const bool note = streams::isNote(event);
    text += QStringList{QDateTime::fromMSecsSinceEpoch(event.at, Qt::UTC).toString(Qt::ISODateWithMs),
                        QString::number(event.stream),
                        csvField(event.instance),
                        note ? QStringLiteral("note") : QStringLiteral("event"),
                        csvField(event.id),
                        csvField(streams::nameOf(event)),
                        csvField(note ? streams::line(event) : event.data),
                        QString::number(event.dataSize)}
                .join(u',') +
            u'\n';
  }
  return text.toUtf8();
}

void StreamsPage::save() {
  if (view_ == nullptr) return;
  const SaveFormat table{tr("Tables (*.csv)"), QStringLiteral("csv"), [text = csv()] { return text; }};
  saveFileAs(this, tr("Save streams"), QStringLiteral("vx11-streams"), {table, pictureOf(*this)},
             [this](const QString& said) { Q_EMIT message(said); });
}

QVariantMap StreamsPage::viewState() const {
  if (form_ == nullptr) return {};
  return {{leftKey, splitter_->sizes().value(0)},
          {formKey, form_->viewState()},
          {listKey, list_->table().viewState()},
          {eventsKey, view_->table().viewState()}};
}

void StreamsPage::restoreViewState(const QVariantMap& state) {
  if (form_ == nullptr) return;
  const int left = state.value(leftKey).toInt();
  splitter_->setSizes({left >= leastLeft ? left : leftWidth, 10 * leftWidth});
  form_->restoreViewState(state.value(formKey).toMap());
  list_->table().restoreViewState(state.value(listKey).toMap());
  view_->table().restoreViewState(state.value(eventsKey).toMap());
}

}  // namespace vx11::ui
