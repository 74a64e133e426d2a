#include "cluster/local_cluster_node.h"

#include <csignal>
#include <utility>

#include "cluster/local_cluster_log.h"

namespace vx11::cluster {
namespace {

using State = NodeInfo::State;
constexpr qsizetype wordsKept = 3, longestWords = 500;

}  // namespace

LocalNode::LocalNode(NodeInfo info, MakeLaunch makeLaunch, QObject* parent)
    : QObject(parent), info_(std::move(info)), makeLaunch_(std::move(makeLaunch)) {
  info_.state = State::Stopped;
  deadline_.setSingleShot(true);
  connect(&deadline_, &QTimer::timeout, this, &LocalNode::onDeadline);
  connect(&process_, &ChildProcess::wrote, this, &LocalNode::keepWords);
  connect(&process_, &ChildProcess::wrote, this, &LocalNode::wrote);
  connect(&process_, &ChildProcess::droppedLines, this, &LocalNode::droppedLines);
  connect(&process_, &ChildProcess::ended, this, &LocalNode::onEnded);
}

void LocalNode::enter(State state, const QString& reason) {
  info_.state = state;
  info_.reason = reason;
  info_.pid = process_.pid();
  Q_EMIT changed();
}

void LocalNode::await() {
  if (process_.pid() == 0) enter(State::Starting);
}

void LocalNode::setStopped(const QString& reason) {
  if (process_.pid() == 0) enter(State::Stopped, reason);
}

void LocalNode::start() {
  if (process_.pid() != 0) return;
  lastWords_.clear();
  whyKilled_.clear();
  failed_ = false;
  const LaunchResult launch = makeLaunch_();
  if (!launch) return enter(State::Failed, launch.error());
  if (const auto problem = process_.start(*launch)) return enter(State::Failed, *problem);
  deadline_.start(startLimit);
  enter(State::Starting);
}

void LocalNode::setReady() {
  if (info_.state != State::Starting || process_.pid() == 0) return;
  deadline_.stop();
  enter(State::Running);
}

void LocalNode::stop() {
  if (process_.pid() == 0) return setStopped({});
  if (info_.state == State::Stopping) return;
  process_.send(SIGTERM);
  if (info_.state == State::Paused) process_.send(SIGCONT);  // else it would never hear of it
  deadline_.start(stopLimit);
  enter(State::Stopping);
}

void LocalNode::pause() {
  if (info_.state != State::Running) return;
  process_.send(SIGSTOP);
  enter(State::Paused);
}

void LocalNode::resume() {
  if (info_.state != State::Paused) return;
  process_.send(SIGCONT);
  enter(State::Running);
}

void LocalNode::kill() {
  if (process_.pid() == 0) return setStopped({});
  whyKilled_ = tr("It was killed from this console.");
  process_.send(SIGKILL);
  enter(State::Stopping, whyKilled_);
}

void LocalNode::onDeadline() {
  failed_ = info_.state == State::Starting;
  whyKilled_ = failed_ ? tr("It was not ready within %1 s.").arg(startLimit.count() / 1000)
                       : tr("It did not stop within %1 s and was killed.").arg(stopLimit.count() / 1000);
  process_.send(SIGKILL);
}

// The service's log is JSON and goes to the journal; what a program says beside it is why it can't start.
void LocalNode::keepWords(const QList<QByteArray>& lines) {
  for (const QByteArray& line : lines) {
    if (line.startsWith('{') || line.trimmed().isEmpty()) continue;
    const auto redis = local::parseRedisLine(line);
    lastWords_.append((redis ? redis->text : QString::fromUtf8(line)).left(longestWords));
    if (lastWords_.size() > wordsKept) lastWords_.removeFirst();
  }
}

void LocalNode::onEnded(const ChildProcess::End& end) {
  deadline_.stop();
  const QString said = lastWords_.join(u' ');
  if (failed_) return enter(State::Failed, said.isEmpty() ? whyKilled_ : whyKilled_ + u' ' + said);
  if (!whyKilled_.isEmpty()) return enter(State::Stopped, whyKilled_);
  if (info_.state == State::Stopping) return enter(State::Stopped);
  if (end.exitCode == 0) return enter(State::Stopped, tr("It ended by itself."));
  const bool explains = info_.state == State::Starting && !said.isEmpty();
  enter(State::Failed, explains ? said : end.text());
}

void LocalNode::sayGoodbye() {
  process_.send(SIGTERM);
  process_.send(SIGCONT);
}

void LocalNode::waitForEnd(std::chrono::milliseconds longest) { process_.waitForEnd(longest); }

}  // namespace vx11::cluster
