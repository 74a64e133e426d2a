// What can be done with tokens of the table: copy, reveal, check, revoke; each an action with its keys. Values of
// tokens reach the clipboard through the guard alone.
#pragma once

#include <QObject>
#include <QPointer>
#include <functional>
#include <optional>

#include "pages/page.h"
#include "pages/token_checks.h"

class QAction;

namespace vx11::ui {

class TokenReveal;
class TokenTableModel;
class TokenTableView;

class TokenCommands : public QObject {
  Q_OBJECT
 public:
  /// The keys work while the focus is within `page`.
  TokenCommands(const Services& services, TokenTableModel& model, TokenTableView& view, TokenReveal& reveal,
                QWidget* page);

  void copyRows();  ///< masked, one line a row
  void copyValue();
  void copyCurl();  ///< of another's token: the lines that issue one and open its stream
  void copyEventSource();
  void revealSelected();
  void checkSelected();   ///< on every instance
  void revokeSelected();  ///< asks first when it is more than one
  void revokeAll();       ///< asks first

  /// A copied token that was revoked or used leaves the clipboard at once.
  void follow(const cluster::TokenBatch& batch);
  [[nodiscard]] const TokenChecks& checks() const { return checks_; }
  [[nodiscard]] bool checking() const { return check_; }

 Q_SIGNALS:
  void message(const QString& text);
  void changed();  ///< a check began or answered

 private:
  using Command = void (TokenCommands::*)();
  QAction* add(const QString& text, const QString& keys, Command command);
  void refuse(const cluster::TokenRow* row);
  void revoke(const cluster::RevokeSpec& spec);
  [[nodiscard]] const cluster::TokenRow* selected() const;
  [[nodiscard]] std::optional<QString> value(const cluster::TokenRow& row) const;
  [[nodiscard]] QUrl urlOf(const cluster::TokenRow& row) const;
  void copySecret(const cluster::TokenRow& row, const QString& text);

  Services services_;
  TokenTableModel& model_;
  TokenTableView& view_;
  TokenReveal& reveal_;
  QWidget* page_;
  TokenChecks checks_;
  QPointer<cluster::CheckJob> check_;
  std::optional<cluster::TokenId> copied_;
};

}  // namespace vx11::ui
