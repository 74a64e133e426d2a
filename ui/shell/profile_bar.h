// Below the toolbar, only while somebody has to decide: an address that was discovered and waits to be accepted, or a
// remote cluster without a principal in this run, or with one that is refused. And while there may be
// more instances than are shown.
#pragma once

#include "cluster/cluster.h"
#include "widgets/inline_bar.h"

namespace vx11::ui {

class Profiles;

class ProfileBar : public InlineBar {
  Q_OBJECT
 public:
  ProfileBar(cluster::Cluster& cluster, Profiles& profiles, QWidget* parent = nullptr);

 Q_SIGNALS:
  void principalWanted();
  void message(const QString& text);

 private:
  void refresh();
  void tellWhoRefuses();
  void tellOfDoubt();
  void tellOf(const QUrl& url);
  void askToAccept(const QUrl& url);
  void accept(const QUrl& url);

  cluster::Cluster& cluster_;
  Profiles& profiles_;
  QList<QUrl> shown_, declined_;
  QStringList refusing_;
  QString doubt_;  ///< about who belongs to the cluster, as it was told last
};

}  // namespace vx11::ui
