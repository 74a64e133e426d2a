#include "cluster/live_jobs.h"
#include "token/token_id.h"

namespace vx11::cluster {
namespace {

QString word(CheckAnswer::Verdict verdict) {
  switch (verdict) {
    case CheckAnswer::Verdict::Accepted: return QStringLiteral("accepted");
    case CheckAnswer::Verdict::Refused: return QStringLiteral("refused");
    case CheckAnswer::Verdict::CantTell: return QStringLiteral("cant_tell");
    case CheckAnswer::Verdict::NoAnswer: break;
  }
  return QStringLiteral("no_answer");
}

}  // namespace

LiveCheckJob::LiveCheckJob(JobContext& context, const TokenText& token, std::vector<int> slots, QObject* parent)
    : SteppedJob(context, static_cast<int>(slots.size()), parent), token_(token), slots_(std::move(slots)) {}

LiveCheckJob::~LiveCheckJob() {
  for (HttpCall& call : calls_) call.cancel();
}

void LiveCheckJob::cancel() {
  if (ended() || cancelled_) return;
  cancelled_ = true;
  for (HttpCall& call : calls_) call.cancel();
  calls_.clear();
  later();
}

void LiveCheckJob::step() {
  if (!std::exchange(started_, true) && !cancelled_) {
    for (const int slot : slots_) {
      InstanceClient* client = context_.client(slot);
      if (client == nullptr) {
        CheckAnswer answer;
        answer.failure = failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance"));
        onAnswer(answer, slot, true);
      } else {
        calls_.insert(slot, client->check(token_, [this, slot](const CheckAnswer& answer) {
          onAnswer(answer, slot, false);
        }));
      }
      if (ended()) return;
    }
  }
  if (calls_.isEmpty()) end(answers_);
}

void LiveCheckJob::onAnswer(CheckAnswer answer, int slot, bool byStream) {
  calls_.remove(slot);
  InstanceClient* client = context_.client(slot);
  if (!byStream && client != nullptr && (answer.httpStatus == 404 || answer.httpStatus == 405)) {
    calls_.insert(slot, client->checkByStream(token_, [this, slot](const CheckAnswer& last) {
      onAnswer(last, slot, true);
    }));
    return;
  }
  answer.slot = slot;
  if (answer.failure) answer.failure.instance = context_.nameOf(slot);
  take(answer);
}

void LiveCheckJob::take(const CheckAnswer& answer) {
  answers_.append(answer);
  TokenId id;
  id.bytes = PublicId::of(token_.reveal()).bytes;
  QVariantMap fields = answer.failure ? fieldsOf(answer.failure) : QVariantMap();
  fields.insert(QStringLiteral("id"), id.text());
  fields.insert(QStringLiteral("instance"), context_.nameOf(answer.slot));
  fields.insert(QStringLiteral("verdict"), word(answer.verdict));
  fields.insert(QStringLiteral("status"), answer.httpStatus);
  fields.insert(QStringLiteral("latency_ms"), answer.latencyMs);
  context_.log(answer.verdict == CheckAnswer::Verdict::NoAnswer ? Severity::Warning : Severity::Info,
               QStringLiteral("checked"), fields, answer.failure.correlationId);
  advance();
  QPointer<QObject> alive(this);
  Q_EMIT answered(answer);
  if (alive && !ended() && std::cmp_equal(answers_.size(), slots_.size())) end(answers_);
}

}  // namespace vx11::cluster
