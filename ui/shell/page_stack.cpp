#include "shell/page_stack.h"

#include <utility>

#include "pages/tokens_page.h"
#include "platform/settings_store.h"
#include "shell/page_catalog.h"
#include "shell/page_factory.h"

namespace vx11::ui {

PageStack::PageStack(const Services& services, SettingsStore& settings, QWidget* parent)
    : QStackedWidget(parent), services_(services), settings_(settings) {}

void PageStack::showPage(PageId id) {
  Page* before = current();
  Page* page = pages_.value(id);
  if (!page) page = make(id);
  if (before == page) return;
  currentId_ = id;
  // Only the page in view has a say in how low the window may be, and how high the dock.
  if (before) before->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
  page->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
  setCurrentWidget(page);
  if (before) before->setInView(false);
  page->setInView(inView_);
  Q_EMIT currentPageChanged(id);
}

TokensPage& PageStack::tokensPage() {
  Page* page = made(PageId::Tokens);
  return *qobject_cast<TokensPage*>(page ? page : make(PageId::Tokens));
}

void PageStack::setWindowInView(bool inView) {
  if (std::exchange(inView_, inView) != inView && current()) current()->setInView(inView);
}

void PageStack::setPaused(bool paused) {
  paused_ = paused;
  for (Page* page : std::as_const(pages_)) page->setPaused(paused);
}

void PageStack::saveViewStates() {
  for (auto it = pages_.cbegin(); it != pages_.cend(); ++it)
    if (const QVariantMap state = it.value()->viewState(); !state.isEmpty())
      settings_.setViewState(pageEntry(it.key()).key, state);
}

void PageStack::resetViewStates() {
  for (auto it = pages_.cbegin(); it != pages_.cend(); ++it)
    if (const QVariantMap first = firstStates_.value(it.key()); !first.isEmpty()) it.value()->restoreViewState(first);
}

void PageStack::applyPreferences() {
  for (Page* page : std::as_const(pages_)) applyPreferences(*page);
}

void PageStack::applyPreferences(Page& page) const {
  const Preferences preferences = settings_.preferences();
  for (QWidget* widget : page.findChildren<QWidget*>())
    if (auto* rows = dynamic_cast<Dense*>(widget)) rows->setDensity(preferences.density);
  if (auto* tokens = qobject_cast<TokensPage*>(&page))
    tokens->setIssueDefaults(preferences.issueCount, preferences.issueTtlSec);
}

Page* PageStack::make(PageId id) {
  Page* page = makePage(id, services_, [this] { Q_EMIT issueRequested(); });
  page->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
  addWidget(page);
  pages_.insert(id, page);
  connect(page, &Page::badgeChanged, this, [this, id](const Badge& badge) { Q_EMIT badgeChanged(id, badge); });
  connect(page, &Page::message, this, &PageStack::message);
  connect(page, &Page::lasting, this, &PageStack::lasting);
  connect(page, &Page::openPage, this, &PageStack::openPage);
  connect(page, &Page::openLog, this, &PageStack::openLog);
  connect(page, &Page::actionRequested, this, &PageStack::actionRequested);
  applyPreferences(*page);
  firstStates_.insert(id, page->viewState());
  if (const QVariantMap state = settings_.viewState(pageEntry(id).key); !state.isEmpty()) page->restoreViewState(state);
  page->setPaused(paused_);
  return page;
}

}  // namespace vx11::ui
