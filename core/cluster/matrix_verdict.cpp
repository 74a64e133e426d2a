#include "cluster/matrix_verdict.h"

#include "cluster/matrix_causes.h"
#include "cluster/words.h"

namespace vx11::cluster {
namespace {

using State = MatrixCell::State;
using Members = MatrixTable::Members;

/// How many of some cells are in which state.
struct Tally {
  int all = 0, accepted = 0, refused = 0, cantTell = 0, silent = 0;
  QString code;  ///< of those that can't tell

  void add(const MatrixCell& cell) {
    ++all;
    if (cell.state == State::Accepted)
      ++accepted;
    else if (cell.state == State::Refused)
      ++refused;
    else if (cell.state == State::CantTell)
      ++cantTell;
    else
      ++silent;
    if (cell.state == State::CantTell && !cell.failure.code.isEmpty()) code = cell.failure.code;
  }
};

class Judge {
  Q_DECLARE_TR_FUNCTIONS(MatrixVerdict)

 public:
  Judge(const QList<MatrixMember>& members, const QList<MatrixCell>& cells) : table_(members, cells) {
    for (const MatrixMember* member : table_.members()) {
      if (table_.isDead(member)) {
        dead_.push_back(member);
        continue;
      }
      alive_.push_back(member);
      (table_.issued(member) ? issuers_ : mute_).push_back(member);
    }
    for (const MatrixMember* issuer : issuers_) {
      for (const MatrixMember* validator : alive_) {
        const MatrixCell& cell = table_.at(issuer, validator);
        direct_.add(cell);
        if (cell.state == State::Refused) refusals_.emplace_back(issuer, validator);
      }
    }
    for (const MatrixCell* cell : table_.throughBalancer()) {
      balancer_.add(*cell);
      if (cell->issuer == MatrixCell::balancer && cell->validator == MatrixCell::balancer) routed_.add(*cell);
    }
    for (const MatrixCell& cell : cells) pending_ += cell.state == State::Pending;
    all_ = static_cast<int>(cells.size());
  }

  [[nodiscard]] MatrixMeaning judge() const {
    if (table_.members().empty()) return {MatrixVerdict::None, tr("There is no instance to test.")};
    const Failure& first = table_.at(table_.members()[0], table_.members()[0]).failure;
    if (first.kind == Failure::Kind::ReadOnly) {
      return {MatrixVerdict::None, tr("This cluster is read-only: no token was issued.")};
    }
    if (pending_ > 0 || first.kind == Failure::Kind::Cancelled) {
      return {direct_.accepted > 0 ? MatrixVerdict::Partial : MatrixVerdict::None,
              tr("Cancelled with %1 of %2 answers.").arg(all_ - pending_).arg(all_)};
    }
    const MatrixVerdict verdict = shape();
    QStringList parts = absences();
    if (!issuers_.empty()) {
      const QString rest = finding(verdict);
      parts << (parts.isEmpty() ? rest : tr("for the others: %1").arg(rest));
    }
    return {verdict, asSentence(parts.join(QStringLiteral("; ")))};
  }

 private:
  [[nodiscard]] bool isDiagonal() const {
    if (alive_.size() < 2 || !mute_.empty()) return false;
    for (const MatrixMember* issuer : issuers_) {
      for (const MatrixMember* validator : alive_) {
        if (!table_.is(issuer, validator, issuer == validator ? State::Accepted : State::Refused)) return false;
      }
    }
    return true;
  }

  [[nodiscard]] MatrixVerdict shape() const {
    if (direct_.accepted == 0) return MatrixVerdict::None;
    if (!dead_.empty() || !mute_.empty()) return MatrixVerdict::Partial;
    if (isDiagonal()) return MatrixVerdict::Diagonal;
    return direct_.accepted == direct_.all && balancer_.accepted == balancer_.all ? MatrixVerdict::Whole
                                                                                  : MatrixVerdict::Partial;
  }

  /// Of members without a sign of life, and of those that gave no token.
  [[nodiscard]] QStringList absences() const {
    QStringList parts;
    Members late, gone;
    for (const MatrixMember* member : dead_) {
      (table_.at(member, member).failure.kind == Failure::Kind::Timeout ? late : gone).push_back(member);
    }
    const auto add = [&](const Members& members, const QString& one, const QString& several) {
      if (members.empty()) return;
      parts << (members.size() == 1 ? one : several)
                   .arg(words::joined(MatrixTable::names(members)),
                        words::reason(table_.at(members[0], members[0]).failure));
    };
    add(gone, tr("%1 doesn't answer (%2)"), tr("%1 don't answer (%2)"));
    add(late, tr("%1 doesn't answer in time: paused, or overloaded (%2)"),
        tr("%1 don't answer in time: paused, or overloaded (%2)"));
    for (const MatrixMember* member : mute_) {
      parts << tr("%1 issues no token (%2)").arg(member->name, words::reason(table_.at(member, member).failure));
    }
    return parts;
  }

  /// What the cells of those that answer say.
  [[nodiscard]] QString finding(MatrixVerdict verdict) const {
    if (direct_.accepted == direct_.all) return acceptedFinding(verdict);
    if (direct_.refused == 0 && direct_.cantTell > 0) return untoldFinding();
    if (direct_.accepted == 0 && direct_.refused > 0) {
      return tr("nothing is accepted, not even where it was issued: look at clocks and lifetimes");
    }
    if (isDiagonal()) return diagonalFinding();
    QStringList parts;
    QString cause = refusals_.empty() ? QString() : differenceBetween(alive_, refusals_);
    if (cause.isEmpty() && !refusals_.empty()) cause = memoryAmong(alive_, refusals_);
    if (cause.isEmpty()) cause = listOf(alive_, refusals_);
    if (!cause.isEmpty()) parts << cause;
    if (direct_.cantTell > 0) parts << untoldFinding();
    if (direct_.silent > 0) parts << tr("%1 of %2 checks had no answer").arg(direct_.silent).arg(direct_.all);
    return parts.join(QStringLiteral("; "));
  }

  [[nodiscard]] QString acceptedFinding(MatrixVerdict verdict) const {
    const QString direct = tr("every token is valid on every instance");
    if (balancer_.all == 0) return direct;
    if (balancer_.accepted == balancer_.all) {
      return verdict == MatrixVerdict::Whole ? tr("%1, through the balancer too").arg(direct) : direct;
    }
    return tr("%1, but through the balancer %2 of %3 checks failed")
        .arg(direct)
        .arg(balancer_.all - balancer_.accepted)
        .arg(balancer_.all);
  }

  [[nodiscard]] QString untoldFinding() const {
    const QString untold =
        tr("%1 of %2 checks can't be told, which is no refusal").arg(direct_.cantTell).arg(direct_.all);
    const bool redisDown = std::any_of(alive_.begin(), alive_.end(), [](const MatrixMember* member) {
      return member->redis && member->redis->up == false;
    });
    if (redisDown || direct_.code == QStringLiteral("store_unavailable")) {
      return tr("Redis doesn't answer: %1").arg(untold);
    }
    return direct_.code.isEmpty() ? untold : QStringLiteral("%1 (%2)").arg(untold, direct_.code);
  }

  [[nodiscard]] QString diagonalFinding() const {
    if (const QString cause = differenceBetween(alive_, refusals_); !cause.isEmpty()) {
      return tr("%1, and sticky routing would only hide it").arg(cause);
    }
    const auto has = [&](const QString& mode) {
      return std::any_of(alive_.begin(), alive_.end(), [&](const auto* member) { return member->mode == mode; });
    };
    const bool memory = has(QStringLiteral("memory"));
    const bool unknown = has(QString());
    if (!memory && !unknown) {
      return tr(
          "403 off the diagonal without memory mode: the instances share no store, and only sticky routing could "
          "hide it");
    }
    if (routed_.all > 1 && routed_.accepted == routed_.all) {
      return tr("403 off the diagonal: memory mode, and the balancer's sticky routing keeps a caller on one instance");
    }
    QString text = memory ? tr("403 off the diagonal: memory mode without sticky routing")
                          : tr("403 off the diagonal: each instance knows only its own tokens, without sticky routing");
    if (routed_.all > 0) {
      text += tr("; through the balancer %1 of %2 checks are accepted").arg(routed_.accepted).arg(routed_.all);
    }
    return text;
  }

  /// With a capital, unless it begins with the name of an instance.
  [[nodiscard]] QString asSentence(QString text) const {
    const auto begins = [&](const MatrixMember* member) {
      return text.startsWith(member->name + u' ') || text.startsWith(member->name + u',');
    };
    const bool named = std::any_of(table_.members().begin(), table_.members().end(), begins);
    if (!named && !text.isEmpty()) text[0] = text[0].toUpper();
    return text + u'.';
  }

  MatrixTable table_;
  Members alive_, dead_, issuers_, mute_;  ///< `mute_`: alive, but gave no token
  MatrixRefusals refusals_;
  Tally direct_, balancer_, routed_;
  int pending_ = 0, all_ = 0;
};

}  // namespace

QString verdictWord(MatrixVerdict verdict) {
  switch (verdict) {
    case MatrixVerdict::Running:
      return QStringLiteral("running");
    case MatrixVerdict::Whole:
      return QStringLiteral("whole");
    case MatrixVerdict::Diagonal:
      return QStringLiteral("diagonal");
    case MatrixVerdict::Partial:
      return QStringLiteral("partial");
    case MatrixVerdict::None:
      break;
  }
  return QStringLiteral("none");
}

MatrixMeaning meaningOf(const QList<MatrixMember>& members, const QList<MatrixCell>& cells) {
  return Judge(members, cells).judge();
}

}  // namespace vx11::cluster
