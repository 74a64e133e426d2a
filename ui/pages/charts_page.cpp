#include "pages/charts_page.h"

#include <QBuffer>
#include <QDateTime>
#include <QGridLayout>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "charts/time_chart.h"
#include "pages/charts_page_button.h"
#include "pages/charts_page_reader.h"
#include "pages/save_file.h"
#include "platform/icons.h"
#include "widgets/format.h"
#include "widgets/metrics.h"
#include "widgets/page_header.h"
#include "widgets/page_scroll.h"
#include "widgets/segmented.h"

namespace vx11::ui {
namespace {

constexpr std::array<qint64, 4> lengths{60'000, 300'000, 900'000, 3'600'000};
constexpr int defaultLength = 2, refreshEvery = 1000;
constexpr int narrowestChart = 380, lowestChart = 132;

QString clockAt(qint64 at) { return format::clockTime(QDateTime::fromMSecsSinceEpoch(at)); }

}  // namespace

ChartsPage::ChartsPage(const Services& services, QWidget* parent, WallClock wallNow)
    : Page(services, parent),
      wallNow_(wallNow ? std::move(wallNow) : WallClock([] { return QDateTime::currentMSecsSinceEpoch(); })),
      header_(new PageHeader(tr("Charts"))),
      mode_(new Segmented(tr("Curves"), {tr("Summed"), tr("Per instance")})),
      length_(new Segmented(tr("Time range"), {tr("1 m"), tr("5 m"), tr("15 m"), tr("1 h")})),
      pause_(new QPushButton),
      saveButton_(new MenuButton(themedIcon(QStringLiteral("download")), tr("Save"))),
      scroll_(new PageScroll) {
  setAccessibleName(tr("Charts"));
  length_->setCurrent(defaultLength);
  auto* menu = new QMenu(saveButton_);
  connect(menu->addAction(tr("Picture (PNG)…")), &QAction::triggered, this, &ChartsPage::savePicture);
  connect(menu->addAction(tr("Samples in view (CSV)…")), &QAction::triggered, this, &ChartsPage::saveTable);
  for (QWidget* widget : {static_cast<QWidget*>(mode_), static_cast<QWidget*>(length_), static_cast<QWidget*>(pause_),
                          static_cast<QWidget*>(saveButton_)})
    header_->addAction(widget);

  auto* content = new QWidget;
  content->setAutoFillBackground(false);
  grid_ = new QGridLayout(content);
  grid_->setSpacing(metrics::cardGap);
  scroll_->setContent(content);
  scroll_->viewport()->setAutoFillBackground(false);
  auto* top = new QVBoxLayout;
  top->setContentsMargins(metrics::pageSide, 0, metrics::pageSide, 0);
  top->addWidget(header_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, metrics::pageTop, 0, 0);
  column->setSpacing(metrics::cardGap);
  column->addLayout(top);
  column->addWidget(scroll_, 1);

  connect(mode_, &Segmented::changed, this, &ChartsPage::rebuild);
  connect(length_, &Segmented::changed, this, [this] { zoom({}); });
  connect(pause_, &QPushButton::clicked, this, [this] { setPaused(!isPaused()); });
  connect(saveButton_, &QPushButton::clicked, this, &ChartsPage::save);
  connect(&cursor_, &ChartCursor::moved, this, &ChartsPage::updateVerdict);
  connect(&cursor_, &ChartCursor::zoomRequested, this, [this](const TimeSpan& span) { zoom(span); });
  connect(&cursor_, &ChartCursor::resetRequested, this, &ChartsPage::escape);
  connect(&cluster(), &cluster::Cluster::sampled, this, &ChartsPage::refreshIfSeen);
  connect(&cluster(), &cluster::Cluster::marked, this, &ChartsPage::refreshIfSeen);
  connect(&cluster(), &cluster::Cluster::instancesChanged, this, &ChartsPage::refreshIfSeen);
  connect(&cluster(), &cluster::Cluster::instanceChanged, this, [this] {
    if (inView_) updateVerdict();
  });
  connect(&cluster(), &cluster::Cluster::redisChanged, this, [this] {
    if (inView_) rebuild();  // its curves come with the samples
  });
  // While nobody answers there are no samples, but time goes on and the gap grows.
  clockwork_.setInterval(refreshEvery);
  connect(&clockwork_, &QTimer::timeout, this, &ChartsPage::tick);
  setPaused(false);
  rebuild();
}

TimeSpan ChartsPage::range() const {
  if (zoom_) return *zoom_;
  const qint64 to = pausedAt_.value_or(wallNow_()) / 1000 * 1000;
  return {to - lengths.at(static_cast<std::size_t>(length_->current())), to};
}

void ChartsPage::setInView(bool inView) {
  inView_ = inView;
  if (inView)
    clockwork_.start();
  else
    clockwork_.stop();
  refreshIfSeen();
}

void ChartsPage::setPaused(bool paused) {
  if (paused != isPaused()) {
    if (paused)
      pausedAt_ = wallNow_();
    else
      pausedAt_.reset();
  }
  pause_->setText(paused ? tr("Resume") : tr("Pause"));
  pause_->setIcon(themedIcon(paused ? QStringLiteral("play-fill") : QStringLiteral("pause-fill")));
  if (inView_ && !paused)
    refresh();
  else
    updateVerdict();
}

void ChartsPage::zoom(std::optional<TimeSpan> span) {
  zoom_ = span;
  refresh();
}

void ChartsPage::escape() {
  cursor_.setAt({});
  cursor_.setBand({});
  if (zoom_) zoom({});
}

void ChartsPage::rebuild() {
  const auto& instances = cluster().instances();
  const bool summed = mode_->current() == 0;
  const bool noRedis = redisNotUsed(instances, cluster().redis());
  QString wanted = summed ? QStringLiteral("summed") : QStringLiteral("single");
  if (noRedis) wanted += QStringLiteral(" no-redis");
  for (const auto& instance : instances) wanted += u'\n' + instance.id;
  if (wanted == builtFor_) return;
  builtFor_ = wanted;

  plans_ = chartPlans(summed ? ChartMode::Summed : ChartMode::PerInstance, instances, cluster().redis());
  while (charts_.size() > static_cast<std::size_t>(plans_.size())) {
    delete charts_.back();
    charts_.pop_back();
  }
  while (charts_.size() < static_cast<std::size_t>(plans_.size())) {
    charts_.push_back(new TimeChart(cursor_, scroll_->widget()));
    charts_.back()->setMinimumHeight(lowestChart);
  }
  for (std::size_t i = 0; i < charts_.size(); ++i) {
    const ChartPlan& plan = plans_.at(static_cast<qsizetype>(i));
    charts_[i]->setSpec(plan.spec);
    charts_[i]->setNotUsed(plan.redis && noRedis ? tr("Not used: tokens are kept in memory") : QString());
  }
  arrange();
  refresh();
}

void ChartsPage::arrange() {
  const int columns = width() - 2 * metrics::pageSide >= 2 * narrowestChart + metrics::cardGap ? 2 : 1;
  TimeChart* words = nullptr;  // the first chart with axes in the right column writes the events' words
  for (std::size_t i = 0; i < charts_.size(); ++i) {
    const int place = static_cast<int>(i);
    grid_->addWidget(charts_[i], place / columns, place % columns);
    const ChartPlan& plan = plans_.at(place);
    const bool axes = !(plan.redis && redisNotUsed(cluster().instances(), cluster().redis()));
    if (words == nullptr && axes && place % columns == columns - 1) words = charts_[i];
    charts_[i]->show();
  }
  for (TimeChart* chart : charts_) chart->setMarkWords(chart == words);
  for (int c = 0; c < 2; ++c) grid_->setColumnStretch(c, c < columns ? 1 : 0);
}

void ChartsPage::resizeEvent(QResizeEvent* event) {
  Page::resizeEvent(event);
  arrange();
}

void ChartsPage::refreshIfSeen() {
  if (inView_ && !isPaused()) refresh();
}

void ChartsPage::tick() {
  if (wallNow_() - refreshedAt_ >= refreshEvery) refreshIfSeen();
}

void ChartsPage::refresh() {
  refreshedAt_ = wallNow_();
  rebuild();
  const ChartReader reader(cluster().history(), cluster().instances(), cluster().redis(), range());
  for (std::size_t i = 0; i < charts_.size(); ++i) {
    const ChartPlan& plan = plans_.at(static_cast<qsizetype>(i));
    if (!plan.redis || !redisNotUsed(cluster().instances(), cluster().redis())) charts_[i]->setData(reader.read(plan));
  }
  if (const auto at = cursor_.at(); at && !range().contains(*at)) cursor_.setAt({});
  updateVerdict();
}

void ChartsPage::updateVerdict() {
  const QString besideNames = tr("The values beside the names are read there.");
  if (const auto at = cursor_.at()) {
    return header_->setVerdict(Mark::Waiting, tr("Cursor at %1.").arg(clockAt(*at)), besideNames);
  }
  if (zoom_) {
    return header_->setVerdict(Mark::Waiting, tr("From %1 to %2.").arg(clockAt(zoom_->from), clockAt(zoom_->to)),
                               tr("Esc or a double click shows the whole range again."));
  }
  if (pausedAt_) {
    return header_->setVerdict(Mark::Paused, tr("Paused at %1.").arg(clockAt(*pausedAt_)),
                               tr("Samples are kept meanwhile."));
  }
  const auto& instances = cluster().instances();
  const auto first = [&](cluster::InstanceState state) {
    return std::find_if(instances.begin(), instances.end(),
                        [&](const auto& instance) { return instance.state == state; });
  };
  const QString gap = tr("Its curves stop there.");
  if (cluster().redis().configured && cluster().redis().up == false)
    return header_->setVerdict(Mark::Unreachable, tr("Redis does not answer."), gap);
  if (const auto silent = first(cluster::InstanceState::Unreachable); silent != instances.end())
    return header_->setVerdict(Mark::Unreachable, tr("%1 does not answer.").arg(silent->id), gap);
  if (const auto stopped = first(cluster::InstanceState::Stopped); stopped != instances.end())
    return header_->setVerdict(Mark::Stopped, tr("%1 is stopped.").arg(stopped->id), gap);
  if (!cluster().history().firstSampleAt()) {
    return header_->setVerdict(Mark::Waiting, tr("Nothing measured yet."), tr("The first point comes in 1 s."));
  }
  header_->setVerdict(Mark::Live, tr("Up to date."), tr("Beside the names are the newest values."));
}

QVariantMap ChartsPage::viewState() const {
  return {{QStringLiteral("range"), length_->current()}, {QStringLiteral("mode"), mode_->current()}};
}

void ChartsPage::restoreViewState(const QVariantMap& state) {
  const int wanted = state.value(QStringLiteral("range"), defaultLength).toInt();
  if (wanted >= 0 && static_cast<std::size_t>(wanted) < lengths.size()) length_->setCurrent(wanted);
  mode_->setCurrent(state.value(QStringLiteral("mode"), 0).toInt() == 1 ? 1 : 0);
}

QByteArray ChartsPage::csv() const {
  return ChartReader(cluster().history(), cluster().instances(), cluster().redis(), range()).table(plans_);
}

QImage ChartsPage::picture() {
  QWidget* content = scroll_->widget();
  const QSize whole(scroll_->width(), metrics::pageSide + header_->height() + metrics::cardGap + content->height());
  QImage image(whole * devicePixelRatioF(), QImage::Format_RGB32);
  image.setDevicePixelRatio(devicePixelRatioF());
  image.fill(services().themes.theme().color(Token::Window));
  QPainter painter(&image);
  header_->render(&painter, {metrics::pageSide, metrics::pageSide});
  content->render(&painter, {0, metrics::pageSide + header_->height() + metrics::cardGap});
  return image;
}

void ChartsPage::save() {
  saveButton_->findChild<QMenu*>()->popup(saveButton_->mapToGlobal(QPoint(0, saveButton_->height())));
}

void ChartsPage::saveAs(const QString& suffix, const QString& filter, std::function<QByteArray()> make) {
  const QString name =
      QDateTime::fromMSecsSinceEpoch(range().to).toString(u"'vx11-charts-'yyyyMMdd-HHmmss'.'") + suffix;
  saveFile(this, {tr("Save charts"), name, filter, std::move(make)},
           [this](const QString& said) { Q_EMIT message(said); });
}

void ChartsPage::savePicture() {
  saveAs(QStringLiteral("png"), tr("Pictures (*.png)"), [image = picture()] {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    image.save(&buffer, "PNG");
    return bytes;
  });
}

void ChartsPage::saveTable() {
  saveAs(QStringLiteral("csv"), tr("Tables (*.csv)"), [text = csv()] { return text; });
}

}  // namespace vx11::ui
