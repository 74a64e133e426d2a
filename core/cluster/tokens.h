// The live tokens of all instances of a cluster, kept current by tokens/watch and, after a gap, by a walk of the list.
#pragma once

#include <QObject>
#include <optional>

#include "cluster/types.h"
#include "token/secret.h"

namespace vx11::cluster {

/// How many live tokens name an issuer; the name is empty where none is told.
struct IssuerCount {
  QString issuer;
  qsizetype live = 0;
  friend bool operator==(const IssuerCount&, const IssuerCount&) = default;
};

/// Emits one batch every 250 ms at most while active, none otherwise; when it becomes active again a reset batch brings
/// everything. GUI thread only. Dead rows (revoked, used) are `changed` first and `gone` 5 s later, together.
class Tokens : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  [[nodiscard]] virtual qsizetype count() const = 0;          ///< rows known, dead ones included
  [[nodiscard]] virtual qsizetype liveCount() const = 0;
  [[nodiscard]] virtual QList<IssuerCount> liveByIssuer() const = 0;  ///< in no order; none of them 0
  [[nodiscard]] virtual bool complete() const = 0;            ///< false while a walk is still under way
  [[nodiscard]] virtual qint64 updatedAt() const = 0;         ///< console clock (ms) of the last news; -1: never
  [[nodiscard]] virtual QString issuerName(int issuer) const = 0;
  [[nodiscard]] virtual std::optional<TokenRow> find(const TokenId& id) const = 0;
  [[nodiscard]] virtual QList<TokenRow> newest(int n) const = 0;
  /// One reset batch, for a view that comes late; the next `changed` may add some of its rows once more.
  [[nodiscard]] virtual TokenBatch everything() const = 0;
  /// The value of a token issued from this console, while it lives.
  [[nodiscard]] virtual std::optional<TokenText> value(const TokenId& id) const = 0;
  virtual void setActive(bool active) = 0;

 Q_SIGNALS:
  void changed(const vx11::cluster::TokenBatch& batch);
};

}  // namespace vx11::cluster
