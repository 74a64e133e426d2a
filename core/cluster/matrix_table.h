// The cells of a cross-instance test by their place, for those who judge them.
#pragma once

#include <QHash>
#include <algorithm>
#include <vector>

#include "cluster/matrix_verdict.h"

namespace vx11::cluster {

/// Refers to members and cells, which outlive it.
class MatrixTable {
 public:
  using State = MatrixCell::State;
  using Members = std::vector<const MatrixMember*>;

  MatrixTable(const QList<MatrixMember>& members, const QList<MatrixCell>& cells) {
    for (const MatrixMember& member : members) members_.push_back(&member);
    for (const MatrixCell& cell : cells) {
      const bool direct = cell.issuer != MatrixCell::balancer && cell.validator != MatrixCell::balancer;
      if (direct)
        direct_.insert({cell.issuer, cell.validator}, &cell);
      else
        throughBalancer_.push_back(&cell);
    }
  }

  [[nodiscard]] const Members& members() const { return members_; }
  /// All that went through the balancer in either place.
  [[nodiscard]] const std::vector<const MatrixCell*>& throughBalancer() const { return throughBalancer_; }
  [[nodiscard]] const MatrixCell& at(const MatrixMember* issuer, const MatrixMember* validator) const {
    static const MatrixCell missing;
    const auto* cell = direct_.value({issuer->slot, validator->slot});
    return cell == nullptr ? missing : *cell;
  }
  [[nodiscard]] bool is(const MatrixMember* issuer, const MatrixMember* validator, State state) const {
    return at(issuer, validator).state == state;
  }
  [[nodiscard]] bool issued(const MatrixMember* member) const { return !is(member, member, State::NotIssued); }

  /// No sign of it: none of its answers came, and its token, if there is one, was the last thing it said.
  [[nodiscard]] bool isDead(const MatrixMember* member) const {
    const Failure::Kind kind = at(member, member).failure.kind;
    const bool silent =
        kind == Failure::Kind::Network || kind == Failure::Kind::Timeout || kind == Failure::Kind::NoInstance;
    return silent && std::all_of(members_.begin(), members_.end(), [&](const MatrixMember* issuer) {
             return is(issuer, member, State::NoAnswer) || is(issuer, member, State::NotIssued);
           });
  }
  [[nodiscard]] static QStringList names(const Members& members) {
    QStringList names;
    for (const MatrixMember* member : members) names << member->name;
    return names;
  }

 private:
  Members members_;
  QHash<std::pair<int, int>, const MatrixCell*> direct_;
  std::vector<const MatrixCell*> throughBalancer_;
};

}  // namespace vx11::cluster
