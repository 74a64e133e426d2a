// The page Streams: opens real event streams with fresh tokens, shows them and what comes by them, and publishes. It
// composes; form, list, events and publish box each do their own part.
#pragma once

#include <QTimer>

#include "pages/page.h"

class QSplitter;
class QStackedWidget;

namespace vx11::ui {

class EmptyState;
class InlineBar;
class PageHeader;
class StreamEventsView;
class StreamForm;
class StreamList;
class StreamPublish;

class StreamsPage : public Page {
  Q_OBJECT
 public:
  explicit StreamsPage(const Services& services, QWidget* parent = nullptr);

  void setInView(bool inView) override;
  void setPaused(bool paused) override;
  void focusFilter() override;
  void run() override;     ///< opens what the form says
  void save() override;    ///< the events shown as CSV, or a picture
  void escape() override;  ///< clears the filter, else the choice
  [[nodiscard]] bool hasFilter() const override { return view_ != nullptr; }
  [[nodiscard]] bool canSave() const override { return view_ != nullptr; }
  [[nodiscard]] QVariantMap viewState() const override;
  void restoreViewState(const QVariantMap& state) override;

  /// The events shown, without any token.
  [[nodiscard]] QByteArray csv() const;

 private:
  void build();
  void connectAll();
  void refresh();
  void refreshVerdict();
  void refreshBar();
  void chosenChanged();

  PageHeader* header_;
  InlineBar* bar_;
  // Null where the cluster can't hold streams.
  StreamForm* form_ = nullptr;
  StreamList* list_ = nullptr;
  StreamEventsView* view_ = nullptr;
  StreamPublish* publish_ = nullptr;
  QSplitter* splitter_ = nullptr;
  QTimer clockwork_;
  Badge badge_;
  bool inView_ = false, paused_ = false;
};

}  // namespace vx11::ui
