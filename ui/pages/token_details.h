// The card of the selected token: what is known of it, and what can be done with it. It shows and asks; the page acts.
#pragma once

#include <optional>

#include "pages/token_checks.h"
#include "widgets/card.h"

class QBoxLayout;
class QPushButton;
class QStackedWidget;

namespace vx11::ui {

class IconButton;
class KeyValueRow;
class TextLabel;

class TokenDetails : public Card {
  Q_OBJECT
 public:
  /// All that is shown, worked out by the page.
  struct Facts {
    cluster::TokenRow row;
    QString value;            ///< revealed; empty: masked
    int revealedSeconds = 0;  ///< for how long it stays so
    QString state, issuedBy;
    QString whyNoChange, whyNoAnswer;  ///< reasons why it can't be revoked, checked; empty: it can
    bool ended = false;
    bool checking = false;
    std::optional<TokenChecks::Record> checks;
    QString lastCheckedBy;    ///< name of the instance of the last answer
  };

  explicit TokenDetails(QWidget* parent = nullptr);
  void showNone();
  void showOne(const Facts& facts);
  /// Several: their number, and revoke.
  void showSeveral(int count, const QString& whyNoChange);
  void setWide(bool wide);  ///< facts beside the value instead of below it
  void setPosition(const QString& words);  ///< "1 of 21"

 Q_SIGNALS:
  void revealWanted();
  void copyValueWanted();
  void copyCurlWanted();
  void copyEventSourceWanted();
  void checkWanted();
  void revokeWanted();

 private:
  [[nodiscard]] QWidget* makeOne();
  void showPart(int part);
  [[nodiscard]] QPushButton* makeButton(const QString& icon, const QString& text, const QString& keys);
  void setRevoke(const QString& text, const QString& why);

  QStackedWidget* pages_;
  QBoxLayout* parts_ = nullptr;
  QWidget* line_ = nullptr;
  TextLabel* summary_;
  TextLabel* value_;
  IconButton* eye_;
  TextLabel* revealed_;
  KeyValueRow *id_, *issuedBy_, *issuedAt_, *expiresAt_, *checks_, *lastCheck_;
  QPushButton *copyValue_, *copyCurl_, *eventSource_, *check_, *revoke_;
};

}  // namespace vx11::ui
