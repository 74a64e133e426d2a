// The page Tokens: every live token counting down, the form that issues them, and what can be done with the chosen
// ones. It composes; the table, the form, the card and the commands each do their own part.
#pragma once

#include <QPointer>
#include <optional>

#include "pages/page.h"

class QBoxLayout;
class QPushButton;
class QStackedWidget;

namespace vx11::ui {

class Countdown;
class EmptyState;
class InlineBar;
class PageHeader;
class TokenAwayCard;
class TokenCheckPopup;
class TokenCommands;
class TokenCsv;
class TokenDetails;
class TokenFilterBar;
class TokenIssueForm;
class TokenReveal;
class TokenSidePanel;
class TokenTableModel;
class TokenTableView;

class TokensPage : public Page {
  Q_OBJECT
 public:
  explicit TokensPage(const Services& services, QWidget* parent = nullptr);
  ~TokensPage() override;

  void setInView(bool inView) override;
  void setPaused(bool paused) override;
  void focusFilter() override;
  void save() override;    ///< asks where to: the rows shown as CSV, or a picture
  void escape() override;  ///< hides a revealed value, else clears the filter, else the selection
  [[nodiscard]] bool hasFilter() const override { return true; }
  [[nodiscard]] bool canSave() const override { return true; }
  [[nodiscard]] QVariantMap viewState() const override;
  void restoreViewState(const QVariantMap& state) override;

  /// What Ctrl+N does on any page: issues with the settings of this page's form.
  void issueWithForm();
  /// Opens the field to paste a token into.
  void checkToken();
  void revokeAll();
  /// Chooses it in the table, where it is known there; the filter gives way.
  void showToken(const cluster::TokenId& id);
  /// With what the form begins; no TTL: the instance's own.
  void setIssueDefaults(int count, std::optional<int> ttlSec);
  /// Writes the rows shown to `path`, masked.
  void exportTo(const QString& path);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void connectAll();
  void takeBatch(const cluster::TokenBatch& batch);
  void reload();
  void tick();
  void refreshVerdict();
  void refreshBar();
  void refreshRedis();
  [[nodiscard]] QString listAge() const;  ///< in words; empty: all of it is of now
  void refreshCounts();
  void refreshDetails();
  void refreshButtons();
  void instancesChanged();
  void emptyActivated();

  Countdown* countdown_;
  TokenTableModel* model_;
  TokenTableView* view_;
  TokenReveal* reveal_;
  TokenCommands* commands_;
  PageHeader* header_;
  InlineBar* bar_;
  TokenFilterBar* filter_;
  QStackedWidget* stack_;
  EmptyState* none_;       ///< no token at all
  EmptyState* unmatched_;  ///< none that matches the filter
  TokenIssueForm* form_;
  TokenDetails* details_;
  TokenAwayCard* away_;
  TokenSidePanel* side_;
  QBoxLayout* content_;
  TokenCheckPopup* popup_;
  QPushButton* check_;
  QPushButton* revokeAll_;
  QPointer<TokenCsv> csv_;
  Badge badge_;
  std::optional<cluster::TokenRow> chosen_;     ///< what the card shows; outlives the token
  std::optional<cluster::TokenId> wanted_;  ///< to be selected when its row comes
  bool inView_ = false, paused_ = false, rowsMoving_ = false;
};

}  // namespace vx11::ui
