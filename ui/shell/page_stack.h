// The pages, one in view. A page is made when it is first shown, so that the window starts fast; only the one in view
// works.
#pragma once

#include <QHash>
#include <QStackedWidget>

#include "pages/page.h"

namespace vx11::ui {

class SettingsStore;
class TokensPage;

class PageStack : public QStackedWidget {
  Q_OBJECT
 public:
  PageStack(const Services& services, SettingsStore& settings, QWidget* parent = nullptr);

  void showPage(PageId id);
  [[nodiscard]] PageId currentId() const { return currentId_; }
  [[nodiscard]] Page* current() const { return pages_.value(currentId_); }
  /// The token verbs live on their page; makes it when needed, without showing it.
  [[nodiscard]] TokensPage& tokensPage();
  /// Null while it was never shown or needed.
  [[nodiscard]] Page* made(PageId id) const { return pages_.value(id); }
  [[nodiscard]] QList<Page*> madePages() const { return pages_.values(); }
  /// False while the window is minimised or hidden: then no page is in view.
  void setWindowInView(bool inView);
  void setPaused(bool paused);
  void saveViewStates();
  /// Columns, ranges and sizes of all pages as they were at first.
  void resetViewStates();
  /// What was chosen for all pages has changed.
  void applyPreferences();

 Q_SIGNALS:
  void currentPageChanged(vx11::ui::PageId id);
  void badgeChanged(vx11::ui::PageId id, const vx11::ui::Badge& badge);
  void message(const QString& text);
  void lasting(const QString& text);
  void openPage(vx11::ui::PageId id);
  void openLog();
  void actionRequested(const QString& id);
  void issueRequested();

 private:
  Page* make(PageId id);
  void applyPreferences(Page& page) const;

  Services services_;
  SettingsStore& settings_;
  QHash<PageId, Page*> pages_;
  QHash<PageId, QVariantMap> firstStates_;  ///< before anything was restored
  PageId currentId_ = PageId::Overview;
  bool inView_ = false, paused_ = false;
};

}  // namespace vx11::ui
