#include "cluster/connection_test_run.h"

#include <algorithm>

#include "cluster/discovery.h"

namespace vx11::cluster {
namespace {

using State = ConnectionStep::State;
using What = ConnectionStep::What;

int badness(State state) { return state == State::Failed ? 2 : state == State::Warned ? 1 : 0; }

}  // namespace

ConnectionTest::Run::Run(ConnectionTest& owner, Profile of, Secrets with, const Clock& by, Random& from)
    : test(owner), profile(std::move(of)), secrets(std::move(with)), clock(by), random(from) {
  for (const What what : {What::Resolve, What::Connect, What::Alive, What::Principal, What::Discover, What::Reach,
                          What::Redis, What::Balancer}) {
    steps.append({what, State::Waiting, {}, {}, 0});
  }
  limit.setSingleShot(true);
  connect(&limit, &QTimer::timeout, this, [this] {
    for (std::size_t place = 0; place < told.size(); ++place) take(place, State::Failed, tr("no answer in time"));
  });
  for (const QUrl& one : profile.instances) {
    const QUrl url = originOf(one);
    const auto isSame = [&](const Given& other) { return other.url == url; };
    if (profile.kind != ProfileKind::RemoteCluster || std::any_of(given.begin(), given.end(), isSame)) continue;
    given.push_back({url, clientFor(url, secrets.principal)});
  }
}

ConnectionTest::Run::~Run() {
  for (HttpCall& call : calls) call.cancel();
}

std::unique_ptr<InstanceClient> ConnectionTest::Run::clientFor(const QUrl& url, const Secret& principal) {
  const bool loopback = isLoopback(url);
  auto& network = networks[loopback ? 0 : 1];
  if (!network) network = makeNetwork(loopback, Trust::of(profile.caFile, profile.serverName));
  return std::make_unique<InstanceClient>(InstanceClient::Networks{*network, *network}, url, principal,
                                          QStringLiteral("connection-test-%1-").arg(calls.size()));
}

void ConnectionTest::Run::start() {
  if (running || finished) return;
  running = true;
  QTimer::singleShot(0, this, &Run::next);
}

void ConnectionTest::Run::cancel() {
  if (finished) return;
  running = false;
  finished = true;
  limit.stop();
  told.clear();
  for (HttpCall& call : calls) call.cancel();
  for (qsizetype i = 0; i < steps.size(); ++i) {
    if (steps[i].state != State::Waiting && steps[i].state != State::Running) continue;
    steps[i].state = State::Skipped;
    steps[i].sentence = tr("cancelled");
    Q_EMIT test.stepChanged(static_cast<int>(i));
  }
  Q_EMIT test.finished();
}

void ConnectionTest::Run::next() {
  if (!running) return;
  if (++current == steps.size()) {
    running = false;
    finished = true;
    Q_EMIT test.finished();
    return;
  }
  since.start();
  lines.clear();
  step().state = State::Running;
  Q_EMIT test.stepChanged(static_cast<int>(current));
  // Whoever heard of it may have cancelled.
  if (running) begin(step().what);
}

void ConnectionTest::Run::skip(const QString& sentence) { conclude(State::Skipped, sentence); }

void ConnectionTest::Run::conclude(State state, const QString& sentence) {
  limit.stop();
  told.clear();
  step().state = state;
  step().sentence = sentence;
  step().tookMs = static_cast<double>(since.nsecsElapsed()) / 1e6;
  QTimer::singleShot(0, this, &Run::next);
  Q_EMIT test.stepChanged(static_cast<int>(current));
}

std::vector<std::size_t> ConnectionTest::Run::usable() const {
  std::vector<std::size_t> all;
  for (std::size_t at = 0; at < given.size(); ++at) {
    if (given[at].usable) all.push_back(at);
  }
  return all;
}

void ConnectionTest::Run::over(std::vector<std::size_t> whom, std::chrono::milliseconds within, const Ask& ask) {
  if (whom.empty()) return skip(tr("no instance is left to ask"));
  told.assign(whom.size(), std::nullopt);
  for (std::size_t place = 0; place < whom.size(); ++place) lines.append(QString());
  limit.start(within);
  for (std::size_t place = 0; place < whom.size(); ++place) {
    ask(whom[place], [this, place, of = current](State state, const QString& line) {
      if (current == of) take(place, state, line);
    });
    if (told.empty()) return;
  }
}

void ConnectionTest::Run::take(std::size_t place, State state, const QString& line) {
  if (place >= told.size() || told[place]) return;
  told[place] = state;
  lines[static_cast<qsizetype>(place)] = line;
  if (told.size() > 1) {
    step().details = lines.filter(QRegularExpression(QStringLiteral(".")));
    Q_EMIT test.stepChanged(static_cast<int>(current));
  }
  if (std::all_of(told.begin(), told.end(), [](const auto& one) { return one.has_value(); })) end();
}

void ConnectionTest::Run::end() {
  const auto worst = std::max_element(told.begin(), told.end(),
                                      [](const auto& a, const auto& b) { return badness(*a) < badness(*b); });
  const QString& line = lines[worst - told.begin()];
  const auto alike = std::count(told.begin(), told.end(), *worst), all = std::ssize(told);
  const bool works = std::any_of(told.begin(), told.end(), [](const auto& one) { return *one != State::Failed; });
  // With some of several the profile works.
  const State state = **worst == State::Failed && works ? State::Warned : **worst;
  conclude(state, all == 1 ? line : tr("%1 (%2 of %3)").arg(line).arg(alike).arg(all));
}

ConnectionTest::ConnectionTest(Profile profile, Secrets secrets, const Clock& clock, Random& random, QObject* parent)
    : QObject(parent), run_(std::make_unique<Run>(*this, std::move(profile), std::move(secrets), clock, random)) {}

ConnectionTest::~ConnectionTest() = default;

void ConnectionTest::start() { run_->start(); }

void ConnectionTest::cancel() { run_->cancel(); }

const QList<ConnectionStep>& ConnectionTest::steps() const { return run_->steps; }

bool ConnectionTest::isRunning() const { return run_->running; }

bool ConnectionTest::passed() const {
  return run_->finished && std::none_of(run_->steps.begin(), run_->steps.end(),
                                        [](const ConnectionStep& step) { return step.state == State::Failed; });
}

const QList<DiscoveredInstance>& ConnectionTest::discovered() const { return run_->found; }

}  // namespace vx11::cluster
