// The buttons of the Rollback page's header: those of what could be begun, of a run, and of one that has ended.
#pragma once

#include <QObject>

class QPushButton;

namespace vx11::ui {

class CapButton;
class PageHeader;
class RollbackRun;

class RollbackActions : public QObject {
  Q_OBJECT
 public:
  explicit RollbackActions(PageHeader& header, QObject* parent = nullptr);

  struct Reasons {
    QString start, dryRun;  ///< why they can't be pressed; empty: they can
  };
  /// `form`: it can be chosen what to do. `startVerb`: of the start button.
  void display(const RollbackRun& run, bool form, const QString& startVerb, const Reasons& reasons);
  void hide();

 Q_SIGNALS:
  void dryRunAsked();
  void startAsked();
  void pauseAsked(bool pause);  ///< or to go on
  void abortAsked();
  void planAsked();

 private:
  CapButton* dry_;
  QPushButton* start_;
  QPushButton* pause_;
  QPushButton* abort_;
  QPushButton* plan_;
  bool pauses_ = true;
};

}  // namespace vx11::ui
