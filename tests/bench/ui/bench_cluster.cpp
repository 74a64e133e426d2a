#include "bench_cluster.h"

#include <QDateTime>
#include <cmath>

namespace vx11::bench {
namespace {

constexpr int batchesPerSecond = 4, loadedATurn = 5000, historySeconds = 3600;
// Of all events: issued and expired tokens balance, the rest are tokens seen again and revoked.
constexpr double issuedPart = 0.4, seenPart = 0.15, revokedPart = 0.05;

std::uint64_t scramble(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

}  // namespace

BenchCluster::BenchCluster(int live, int eventsPerSecond)
    : live_(live), rate_(eventsPerSecond), ttlMs_(static_cast<std::int32_t>(live / (eventsPerSecond * issuedPart) * 1000)),
      book_(std::make_unique<cluster::TokenBook>([this] { return now(); })) {
  clock_.start();
  cluster::InstanceInfo info;
  info.id = QStringLiteral("bench-1");
  info.url = QUrl(QStringLiteral("http://127.0.0.1:8011"));
  info.mode = QStringLiteral("memory");
  info.state = cluster::InstanceState::Live;
  info.answeredAt = now();
  info.answeredWhen = QDateTime::currentDateTime();
  info.ttlSec = info.maxTtlSec = ttlMs_ / 1000;
  instances_ << info;
  const qint64 wall = QDateTime::currentMSecsSinceEpoch();
  for (int second = historySeconds; second > 0; --second) {
    std::vector<std::pair<cluster::Metric, double>> values;
    for (int metric = 0; metric < cluster::metricCount; ++metric) {
      values.emplace_back(static_cast<cluster::Metric>(metric), 50 + 40 * std::sin(second / 97.0 + metric));
    }
    history_.add(0, wall - second * 1000, values);
  }
  QObject::connect(&loader_, &QTimer::timeout, this, [this] { loadSome(); });
  QObject::connect(&feeder_, &QTimer::timeout, this, [this] { feed(); });
  QObject::connect(&sampler_, &QTimer::timeout, this, [this] { sample(); });
}

cluster::wire::ListedToken BenchCluster::make(qint64 expiresInMs) {
  cluster::wire::ListedToken token;
  const std::uint64_t high = scramble(seed_++), low = scramble(seed_++);
  for (std::size_t i = 0; i < 8; ++i) {
    token.id.bytes[i] = static_cast<std::uint8_t>(high >> (8 * i));
    token.id.bytes[8 + i] = static_cast<std::uint8_t>(low >> (8 * i));
  }
  const QByteArray mask = QStringLiteral("%1\u2026%2")
                              .arg(high & 0xffffU, 4, 16, QLatin1Char('0'))
                              .arg(low & 0xffffU, 4, 16, QLatin1Char('0')).toUtf8();
  std::copy_n(mask.begin(), mask.size(), token.maskedUtf8.begin());
  token.createdAtMs = QDateTime::currentMSecsSinceEpoch() - (ttlMs_ - expiresInMs);
  token.ttlMs = ttlMs_;
  token.expiresInMs = expiresInMs;
  token.issuedBy = QStringLiteral("bench-1");
  token.cachedHere = true;
  return token;
}

void BenchCluster::load(std::function<void()> ready) {
  ready_ = std::move(ready);
  book_->walkBegan(0);
  loader_.start(0);
}

void BenchCluster::loadSome() {
  std::vector<cluster::wire::ListedToken> page;
  for (int i = 0; i < loadedATurn && loaded_ < live_; ++i, ++loaded_) {
    // Enough life for the time of loading: the first to end do so when the run begins.
    page.push_back(make(1000 + static_cast<qint64>(ttlMs_) * loaded_ / live_));
  }
  book_->listed(0, page);
  if (loaded_ < live_) return;
  loader_.stop();
  book_->walkEnded(0);
  ready_();
}

void BenchCluster::run() {
  feeder_.start(1000 / batchesPerSecond);
  sampler_.start(1000);
}

void BenchCluster::feed() {
  const auto share = [this](double part) { return static_cast<std::size_t>(rate_ * part / batchesPerSecond); };
  std::vector<cluster::wire::ListedToken> fresh;
  for (std::size_t i = 0; i < share(issuedPart); ++i) fresh.push_back(make(ttlMs_));
  book_->issued(0, fresh);
  std::vector<cluster::TokenId> revoked;
  for (std::size_t i = 0; i < share(revokedPart) && !recent_.empty(); ++i) {
    revoked.push_back(recent_.back().id);
    recent_.pop_back();
  }
  book_->revoked(0, revoked);
  if (recent_.size() > share(seenPart)) recent_.resize(share(seenPart));
  for (auto& token : recent_) token.cachedHere = !token.cachedHere.value_or(false);
  book_->listed(0, recent_);
  recent_ = std::move(fresh);
}

void BenchCluster::sample() {
  cluster::InstanceInfo& info = instances_.first();
  info.answeredAt = now();
  info.answeredWhen = QDateTime::currentDateTime();
  info.liveTokens = book_->liveCount();
  info.issueRate = rate_ * issuedPart;
  history_.add(0, QDateTime::currentMSecsSinceEpoch(), {{cluster::Metric::IssueRate, rate_ * issuedPart}});
  Q_EMIT instanceChanged(0);
  Q_EMIT sampled();
}

}  // namespace vx11::bench
