#include "pages/redis_memory.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "cluster/foreign_tokens.h"
#include "pages/overview_words.h"
#include "widgets/figure.h"
#include "widgets/key_value.h"
#include "widgets/metrics.h"
#include "widgets/sparkline.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using cluster::Metric;

constexpr qint64 windowMs = 5 * 60 * 1000, shortestMs = 60'000;
constexpr int curvePoints = 60, barHeight = 12;
constexpr double noise = 16 * 1024;  // bytes a minute: below it nothing grows

/// The same Redis is told of by several instances: one of them is enough, the one that has told most.
std::vector<cluster::Point> memoryCurve(const cluster::History& history, qint64 to) {
  std::vector<cluster::Point> best;
  std::ptrdiff_t most = 0;
  for (const int slot : history.slots_()) {
    auto points = history.series(Metric::RedisMemory, slot, to - windowMs, to, curvePoints);
    const auto known =
        std::count_if(points.begin(), points.end(), [](const auto& point) { return std::isfinite(point.value); });
    if (known > most) {
      most = known;
      best = std::move(points);
    }
  }
  return best;
}

/// Bytes a minute between the first and the last point; empty over less than a minute.
std::optional<double> growthOf(const std::vector<cluster::Point>& points) {
  const auto known = [](const cluster::Point& point) { return std::isfinite(point.value); };
  const auto first = std::find_if(points.begin(), points.end(), known);
  const auto last = std::find_if(points.rbegin(), points.rend(), known);
  if (first == points.end() || last->at - first->at < shortestMs) return {};
  return (last->value - first->value) * 60'000 / static_cast<double>(last->at - first->at);
}

}  // namespace

MemoryBar::MemoryBar(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed); }

void MemoryBar::set(double ratio, const QString& limit, bool stale) {
  ratio_ = ratio;
  limit_ = limit;
  stale_ = stale;
  setAccessibleName(tr("%1 of %2").arg(format::ratio(ratio), limit));
  update();
}

void MemoryBar::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  const QRect track(0, 0, width(), barHeight);
  painter.fillRect(track, theme.color(Token::Raised));
  const Token fill = stale_ ? Token::Idle : ratio_ >= redis::memoryMark ? Token::WarnFill : Token::Ok;
  painter.fillRect(QRectF(0, 0, width() * std::clamp(ratio_, 0.0, 1.0), barHeight), theme.color(fill));
  painter.setPen(theme.color(Token::Border));
  painter.drawRect(QRectF(track).adjusted(0.5, 0.5, -0.5, -0.5));
  const int mark = static_cast<int>(width() * redis::memoryMark);
  painter.fillRect(mark - 1, 0, 2, barHeight + 4, theme.color(Token::Text));
  painter.setFont(theme.font(FontRole::Small));
  painter.setPen(theme.color(Token::Text2));
  const QRect words(0, barHeight + 4, width(), height() - barHeight - 4);
  const QString markWords = tr("80 %");
  painter.drawText(words, Qt::AlignLeft | Qt::AlignTop, QStringLiteral("0"));
  painter.drawText(words, Qt::AlignRight | Qt::AlignTop, limit_);
  const QFontMetrics metrics = painter.fontMetrics();
  const int x = std::min(mark - metrics.horizontalAdvance(markWords) / 2,
                         width() - metrics.horizontalAdvance(limit_) - metrics.horizontalAdvance(markWords) - 10);
  painter.setPen(theme.color(Token::Text));
  painter.drawText(QRect(x, words.y(), width() - x, words.height()), Qt::AlignLeft | Qt::AlignTop, markWords);
}

void MemoryBar::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

RedisMemoryCard::RedisMemoryCard(QWidget* parent)
    : Card(tr("Memory"), parent),
      used_(new Figure(tr("Used"))),
      of_(new TextLabel({}, FontRole::Body, Token::Text2)),
      ratio_(new TextLabel),
      bar_(new MemoryBar),
      curve_(new Sparkline(tr("Redis memory, last 5 min"))) {
  auto* top = new QHBoxLayout;
  used_->setBeside(of_);
  top->addWidget(used_);
  top->addStretch(1);
  top->addWidget(ratio_, 0, Qt::AlignBottom);
  body()->addLayout(top);
  body()->addWidget(bar_);
  curve_->setFixedHeight(34);
  body()->addWidget(curve_);
  auto* facts = new KeyValueList;
  growth_ = facts->add(tr("Growth"));
  keys_ = facts->add(tr("Keys"));
  tokens_ = facts->add(tr("Tokens"));
  evicted_ = facts->add(tr("Evicted"));
  policy_ = facts->add(tr("Eviction"));
  body()->addWidget(facts);
  body()->addStretch(1);
}

void RedisMemoryCard::display(const cluster::RedisInfo& info, const cluster::History& history,
                              const redis::Look& look) {
  const QString age = redis::staleAge(info, look);
  const auto ratio = redis::memoryRatio(info);
  const bool over = ratio && *ratio >= redis::memoryMark && age.isEmpty();
  setMark(over ? std::optional(Mark::Warning) : std::nullopt);
  setHeaderWord(over ? tr("Over 80 %") : QString(), Token::Warn);
  setEdge(over ? Edge::Warning : Edge::Quiet);
  used_->setQuantity(format::bytesParts(info.usedMemory));
  used_->setStale(age);
  const bool unlimited = info.maxMemory == 0;
  of_->setText(unlimited        ? tr("no limit set")
               : info.maxMemory ? tr("of %1").arg(format::bytes(info.maxMemory))
                                : tr("limit unknown"));
  ratio_->setText(ratio ? format::ratio(ratio) : QString());
  ratio_->setColor(age.isEmpty() ? Token::Text : Token::Text3);
  bar_->setVisible(ratio.has_value());
  if (ratio) bar_->set(*ratio, format::bytes(info.maxMemory), !age.isEmpty());

  const auto put = [&](KeyValueRow* row, const QString& value, Token tone = Token::Text) {
    row->setValue(value, value == format::unknown() ? Token::Text3 : tone);
    row->setStale(age);
  };
  put(keys_, format::count(info.keys));
  put(evicted_, format::count(info.evictedKeys), info.evictedKeys.value_or(0) > 0 ? Token::Warn : Token::Text);
  put(policy_, info.policy.isEmpty() ? format::unknown() : info.policy, info.mayEvict() ? Token::Warn : Token::Text);
  policy_->setDetails(info.mayEvict() ? tr("Under pressure Redis takes live tokens away without a word.") : QString());
  drawCurve(info, history, look);
}

void RedisMemoryCard::displayTokens(cluster::Cluster& cluster, const redis::Look& look) {
  const cluster::Tokens& tokens = cluster.tokens();
  if (tokens.updatedAt() < 0) {
    tokens_->setValue(format::unknown(), Token::Text3);
    tokens_->setStale({});
    tokens_->setDetails(tr("No instance lists its tokens."));
    return;
  }
  const auto counted = cluster::foreignTokens(cluster);
  tokens_->setValue(cluster::foreignTokenWords(counted, tokens.complete()));
  tokens_->setStale(overview::tokenListAge(cluster, {look.now, look.wall}));
  tokens_->setDetails(cluster::foreignTokenDetails(counted));
}

void RedisMemoryCard::drawCurve(const cluster::RedisInfo& info, const cluster::History& history,
                                const redis::Look& look) {
  const auto points = memoryCurve(history, look.wall.toMSecsSinceEpoch());
  std::vector<double> values;
  for (const auto& point : points) values.push_back(point.value);
  curve_->setVisible(!values.empty());
  curve_->setValues(std::move(values));
  curve_->setTone(redis::isStale(info, look) ? Sparkline::Tone::Idle : Sparkline::Tone::Quiet);
  const auto growth = growthOf(points);
  if (!growth) return growth_->setValue(format::unknown(), Token::Text3);
  if (std::abs(*growth) < noise) return growth_->setValue(tr("none"));
  const QString rate = tr("%1%2/min")
                           .arg(*growth > 0 ? QStringLiteral("+") : QStringLiteral("−"),
                                format::bytes(static_cast<qint64>(std::abs(*growth))));
  const double room = static_cast<double>(info.maxMemory.value_or(0) - info.usedMemory.value_or(0));
  if (*growth <= 0 || info.maxMemory.value_or(0) <= 0 || room <= 0) return growth_->setValue(rate);
  const auto seconds = static_cast<qint64>(room / *growth * 60);
  growth_->setValue(tr("%1, full in about %2").arg(rate, format::duration(seconds)));
}

}  // namespace vx11::ui
