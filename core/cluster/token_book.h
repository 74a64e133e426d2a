// The rows behind `Tokens`: what instances listed and reported, merged; expiry by the console's own clock; changes
// gathered into batches. No network: a TokenFeed per instance brings the news.
#pragma once

#include <QHash>
#include <QSet>
#include <QStringList>
#include <QTimer>
#include <functional>
#include <map>
#include <vector>

#include "cluster/tokens.h"
#include "cluster/wire.h"

namespace vx11::cluster {

/// A token is one row, however many instances list it: in hybrid mode each lists all of the cluster's. A row is known
/// as long as one instance holds it: what an instance held before and neither its walk nor its watch confirmed is no
/// longer held by it at the walk's end, and that says nothing of the others.
class TokenBook final : public Tokens {
 public:
  /// `now` is the console clock in ms. At most 32 slots.
  explicit TokenBook(std::function<qint64()> now, QObject* parent = nullptr);

  // News of the instance of a slot, in the order they were told. A walk that was cut off begins anew. After a gap the
  // list counts as incomplete from the first beginning to an end; a walk that only looks around changes nothing there.
  void walkBegan(int slot, bool afterGap = true);
  void listed(int slot, const std::vector<wire::ListedToken>& tokens);
  void walkEnded(int slot);
  void issued(int slot, const std::vector<wire::ListedToken>& tokens);
  /// The instance of a slot accepted them, and holds a copy from now on.
  void cached(int slot, const std::vector<TokenId>& ids);
  void usedUp(const std::vector<TokenId>& ids);
  void revoked(int slot, const std::vector<TokenId>& ids);
  /// Of the instance's tokens those of at least that age; which of the younger ones were meant, only a walk can tell.
  void revokedAll(int slot, qint64 ageMs);
  void expired(const std::vector<TokenId>& ids);
  void heard() { updatedAt_ = now_(); }

  /// Issued from this console: its value stays readable while it lives.
  void addOwn(int slot, const QString& issuer, const TokenText& text, int ttlMs, qint64 expiresInMs, qint64 createdAt,
              bool singleUse);

  /// Expiry, burials and a batch, whatever is due now. Runs by itself too; costs nothing while nothing is due.
  void tick();

  [[nodiscard]] bool knows(const TokenId& id) const { return rows_.contains(id); }
  /// Bit n: the instance of slot n is known to hold it.
  [[nodiscard]] std::uint32_t holders(const TokenId& id) const { return rows_.value(id).holders; }

  [[nodiscard]] qsizetype count() const override { return rows_.size(); }
  [[nodiscard]] qsizetype liveCount() const override { return live_; }
  [[nodiscard]] QList<IssuerCount> liveByIssuer() const override;
  [[nodiscard]] bool complete() const override { return incomplete_ == 0; }
  [[nodiscard]] qint64 updatedAt() const override { return updatedAt_; }
  [[nodiscard]] QString issuerName(int issuer) const override { return issuers_.value(issuer); }
  [[nodiscard]] std::optional<TokenRow> find(const TokenId& id) const override;
  [[nodiscard]] QList<TokenRow> newest(int n) const override;
  [[nodiscard]] TokenBatch everything() const override;
  [[nodiscard]] std::optional<TokenText> value(const TokenId& id) const override;
  void setActive(bool active) override;

 private:
  struct Entry {
    TokenRow row;
    qint64 goneAt = 0;          ///< console clock: the expiry, or some seconds after a revocation
    std::uint32_t holders = 0;  ///< bit n: the instance of slot n has it
    std::uint32_t unseen = 0;   ///< bit n: not confirmed yet by the walk of slot n
    bool shown = false;         ///< the views know it
    bool touched = false;       ///< in pending_
  };
  using Rows = QHash<TokenId, Entry>;

  void merge(int slot, const wire::ListedToken& token);
  void touch(Entry& entry);
  void bury(Entry& entry, TokenState state);
  void goAt(Entry& entry, qint64 at);
  void countLive(std::int16_t issuer, qsizetype by);
  Rows::iterator drop(Rows::iterator row);
  std::int16_t issuerIndex(const QString& name);
  void expireDue(qint64 now);
  void flush(qint64 now);
  void schedule();

  std::function<qint64()> now_;
  Rows rows_;
  QHash<TokenId, TokenText> values_;
  QHash<QString, std::int16_t> issuerIndexes_;
  QStringList issuers_;
  std::vector<qsizetype> liveBy_;  ///< by issuer, the unnamed first
  std::map<qint64, std::vector<TokenId>> dueAt_;  ///< by quarters of a second: the rows to look at then
  QHash<int, QSet<TokenId>> revokedUnknown_;      ///< by slot: revoked while a walk may still bring them as live
  QList<TokenId> pending_;
  QSet<TokenId> gone_;
  std::uint32_t walking_ = 0;     ///< bit n: slot n is being walked
  std::uint32_t incomplete_ = 0;  ///< bit n: and may hold what isn't known
  qsizetype live_ = 0;
  qint64 updatedAt_ = -1, flushedAt_ = -1'000'000;
  bool active_ = true, resetDue_ = false;
  QTimer timer_;
};

}  // namespace vx11::cluster
