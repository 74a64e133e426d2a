#include "cluster/matrix_job.h"

#include <algorithm>

#include "cluster/matrix_shell.h"

namespace vx11::cluster {
namespace {

constexpr std::chrono::seconds deadline{2};
constexpr int shortLifeSec = 10;  // longer than all calls of one run, and gone soon after it

MatrixCell::State stateOf(CheckAnswer::Verdict verdict) {
  switch (verdict) {
    case CheckAnswer::Verdict::Accepted:
      return MatrixCell::State::Accepted;
    case CheckAnswer::Verdict::Refused:
      return MatrixCell::State::Refused;
    case CheckAnswer::Verdict::CantTell:
      return MatrixCell::State::CantTell;
    case CheckAnswer::Verdict::NoAnswer:
      break;
  }
  return MatrixCell::State::NoAnswer;
}

QList<int> membersOf(const JobContext& context, const MatrixSpec& spec) {
  if (!spec.members.isEmpty()) return spec.members;
  QList<int> all;
  for (const InstanceInfo& instance : context.instances) all << instance.slot;
  return all;
}

int cellCount(const JobContext& context, const MatrixSpec& spec) {
  const auto n = static_cast<int>(membersOf(context, spec).size());
  const bool balancer = spec.throughBalancer && context.balancer() != nullptr;
  return n * n + (balancer ? n * n + n + n : 0);
}

}  // namespace

LiveMatrixJob::LiveMatrixJob(JobContext& context, const MatrixSpec& spec, QObject* parent)
    : SteppedJob(context, cellCount(context, spec), parent), spec_(spec) {
  result_.members = membersOf(context, spec);
  for (const int slot : result_.members) {
    const bool known = slot >= 0 && slot < context.instances.size();
    const InstanceInfo info = known ? context.instances[slot] : InstanceInfo();
    members_.append({slot, info.id, info.mode, !info.internalCalls, std::nullopt});
    result_.names << info.id;
    for (const int validator : result_.members) addCell(slot, validator);
  }
  if (!spec.throughBalancer || context.balancer() == nullptr) return;
  for (const int slot : result_.members) {
    for (qsizetype i = 0; i < result_.members.size(); ++i) addCell(slot, MatrixCell::balancer);
  }
  for (const int slot : result_.members) addCell(MatrixCell::balancer, slot);
  for (qsizetype i = 0; i < result_.members.size(); ++i) addCell(MatrixCell::balancer, MatrixCell::balancer);
}

LiveMatrixJob::~LiveMatrixJob() {
  for (HttpCall& call : calls_) call.cancel();
}

void LiveMatrixJob::addCell(int issuer, int validator) {
  MatrixCell cell;
  cell.issuer = issuer;
  cell.validator = validator;
  cellsOf_[issuer].push_back(static_cast<int>(result_.cells.size()));
  result_.cells.append(cell);
}

InstanceClient* LiveMatrixJob::clientOf(int member) const {
  return member == MatrixCell::balancer ? context_.balancer() : context_.client(member);
}

int LiveMatrixJob::ttlOf(int member) const {
  if (spec_.ttlSec) return *spec_.ttlSec;
  int ttl = shortLifeSec;
  for (const InstanceInfo& info : context_.instances) {
    const bool concerned = member == MatrixCell::balancer || info.slot == member;
    if (concerned && info.maxTtlSec) ttl = std::min(ttl, *info.maxTtlSec);
  }
  return ttl;
}

QString LiveMatrixJob::asShell() const {
  QList<std::pair<QString, QUrl>> named;
  int ttl = ttlOf(MatrixCell::balancer);
  for (const MatrixMember& member : members_) {
    if (const auto* client = clientOf(member.slot)) named.append({member.name, client->origin()});
  }
  if (const auto* balancer = spec_.throughBalancer ? context_.balancer() : nullptr) {
    named.append({QStringLiteral("balancer"), balancer->origin()});
  }
  return matrixAsShell(named, ttl);
}

void LiveMatrixJob::cancel() {
  if (ended() || std::exchange(cancelled_, true)) return;
  for (HttpCall& call : calls_) call.cancel();
  calls_.clear();
  later();
}

void LiveMatrixJob::step() {
  if (beganAt_ < 0) {
    beganAt_ = context_.now();
    for (int i = 0; i < members_.size() && !cancelled_; ++i) ask(i);
    const QPointer<QObject> alive(this);
    const QList<int> issuers = cellsOf_.keys();
    for (const int issuer : issuers) {
      if (!cancelled_) issue(issuer, ttlOf(issuer));
      if (!alive) return;
    }
  }
  if (calls_.isEmpty() && !ended()) conclude();
}

void LiveMatrixJob::ask(int index) {
  InstanceClient* client = clientOf(members_[index].slot);
  if (client == nullptr || members_[index].foreign) return;
  const int number = sent_++;
  calls_.insert(number, client->stats([this, number, index](const Answer<wire::Stats>& stats) {
    calls_.remove(number);
    MatrixMember& member = members_[index];
    if (stats.has_value()) {
      member.name = result_.names[index] = stats->instanceId;
      member.mode = stats->mode;
      if (stats->redis) member.redis = stats->redis->seen;
    } else if (stats.error().httpStatus == 404 || stats.error().httpStatus == 405) {
      member.foreign = true;
    }
    step();
  }));
}

void LiveMatrixJob::issue(int issuer, std::optional<int> ttlSec) {
  InstanceClient* client = clientOf(issuer);
  if (!context_.canChange() || client == nullptr) {
    const Failure failure = context_.canChange() ? failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance"))
                                                 : failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only"));
    onIssued(issuer, failure);
    return;
  }
  const int number = sent_++;
  calls_.insert(number, client->issue(
                            ttlSec, false,
                            [this, number, issuer, ttlSec](const auto& issued) {
                              calls_.remove(number);
                              const int status = issued.has_error() ? issued.error().httpStatus : 0;
                              if (ttlSec && !spec_.ttlSec && (status == 400 || status == 422)) {
                                return issue(issuer, std::nullopt);  // our wish is what it doesn't like
                              }
                              const QPointer<QObject> alive(this);
                              onIssued(issuer, issued);
                              if (alive && !ended()) step();
                            },
                            deadline));
}

void LiveMatrixJob::onIssued(int issuer, const Answer<wire::Issued>& issued) {
  const QPointer<QObject> alive(this);
  for (const int index : cellsOf_.value(issuer)) {
    if (issued.has_value())
      check(index, issued->token, false);
    else
      settle(index, MatrixCell::State::NotIssued, issued.error());
    if (!alive || cancelled_) return;
  }
}

void LiveMatrixJob::check(int index, const TokenText& token, bool byStream) {
  InstanceClient* client = clientOf(result_.cells[index].validator);
  if (client == nullptr) {
    settle(index, MatrixCell::State::NoAnswer, failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance")));
    return;
  }
  const int number = sent_++;
  const auto take = [this, number, index, token, byStream](const CheckAnswer& answer) {
    calls_.remove(number);
    if (!byStream && (answer.httpStatus == 404 || answer.httpStatus == 405)) {
      check(index, token, true);
      return;
    }
    MatrixCell& cell = result_.cells[index];
    cell.httpStatus = answer.httpStatus;
    cell.latencyMs = answer.latencyMs;
    cell.answeredBy = answer.answeredBy;
    cell.correlationId = answer.failure.correlationId;
    if (cell.validator == MatrixCell::balancer && answer.httpStatus != 0) ++behindBalancer_[answer.answeredBy];
    const QPointer<QObject> alive(this);
    settle(index, stateOf(answer.verdict), answer.failure);
    if (alive && !ended()) step();
  };
  calls_.insert(number, byStream ? client->checkByStream(token, take, deadline) : client->check(token, take, deadline));
}

void LiveMatrixJob::settle(int index, MatrixCell::State state, const Failure& failure) {
  MatrixCell& cell = result_.cells[index];
  cell.state = state;
  cell.failure = failure;
  cell.failure.instance = context_.nameOf(state == MatrixCell::State::NotIssued ? cell.issuer : cell.validator);
  if (cell.correlationId.isEmpty()) cell.correlationId = failure.correlationId;
  advance();
  Q_EMIT cellChanged(MatrixCell(cell));
}

void LiveMatrixJob::conclude() {
  const MatrixMeaning meaning = meaningOf(members_, result_.cells);
  result_.verdict = meaning.verdict;
  result_.explanation = meaning.explanation;
  result_.at = QDateTime::fromMSecsSinceEpoch(context_.wallMs());
  QStringList names = behindBalancer_.keys();
  names.sort();
  for (const QString& name : names) result_.behindBalancer.append({name, behindBalancer_.value(name)});
  const auto accepted = std::count_if(result_.cells.begin(), result_.cells.end(),
                                      [](const MatrixCell& cell) { return cell.state == MatrixCell::State::Accepted; });
  context_.log(meaning.verdict == MatrixVerdict::Whole ? Severity::Info : Severity::Warning,
               QStringLiteral("matrix_tested"),
               {{QStringLiteral("verdict"), verdictWord(meaning.verdict)},
                {QStringLiteral("explanation"), meaning.explanation},
                {QStringLiteral("instances"), result_.names},
                {QStringLiteral("accepted"), static_cast<int>(accepted)},
                {QStringLiteral("checks"), total()},
                {QStringLiteral("duration_ms"), context_.now() - beganAt_}},
               {});
  end(result_);
}

}  // namespace vx11::cluster
