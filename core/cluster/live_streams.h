// The streams of a LiveCluster: a fresh token for each, then an EventSource; what they tell gathered and told on at
// most four times a second.
#pragma once

#include <QTimer>
#include <deque>
#include <memory>
#include <vector>

#include "cluster/event_source.h"
#include "cluster/job_context.h"
#include "cluster/stream_events.h"
#include "cluster/stream_networks.h"
#include "cluster/streams.h"

namespace vx11::cluster {

class LiveStreams final : public Streams {
  Q_OBJECT
 public:
  /// The context outlives it. `correlationPrefix` begins the ids of the requests.
  LiveStreams(JobContext& context, StreamNetworks::Make network, QString correlationPrefix, QObject* parent = nullptr);
  ~LiveStreams() override;

  [[nodiscard]] const QList<StreamInfo>& streams() const override { return infos_; }
  [[nodiscard]] const std::deque<StreamEvent>& events() const override { return events_.all(); }
  [[nodiscard]] qint64 droppedEvents() const override { return events_.dropped(); }
  Failure open(const StreamSpec& spec) override;
  Failure reconnect(quint64 id) override;
  void close(quint64 id) override;
  void forget(quint64 id) override;
  void clearEvents() override;

 private:
  /// What belongs to the entry of `infos_` at the same place.
  struct Line;
  [[nodiscard]] qsizetype placeOf(quint64 id) const;  ///< -1: forgotten
  [[nodiscard]] InstanceClient* clientOf(int slot) const;
  [[nodiscard]] QList<int> targetsOf(const StreamSpec& spec);
  void makeRoom(qsizetype wanted);
  void begin(int slot, const StreamSpec& spec);
  void issueNext();
  void issue(qsizetype place);
  void onIssued(quint64 id, const Answer<wire::Issued>& answer);
  void connectSource(qsizetype place, const TokenText& token);
  void onOpened(quint64 id, const QString& instance);
  void onEvent(quint64 id, const SseEvent& event);
  void onCut(quint64 id, const Failure& failure, qint64 retryMs);
  void onRefused(quint64 id, const Failure& failure);
  void closeFor(qsizetype place, const QString& reason, const Failure& failure);
  void setState(StreamInfo& info, StreamInfo::State state);
  void note(const StreamInfo& info, StreamEvent event);
  void touch();
  void flush();

  JobContext& context_;
  StreamNetworks networks_;
  QString correlationPrefix_;
  QList<StreamInfo> infos_;
  std::vector<std::unique_ptr<Line>> lines_;
  StreamEvents events_;
  std::deque<quint64> toIssue_;
  int issuing_ = 0;
  int lastSlot_ = -1;  ///< of Where::InTurn
  quint64 nextId_ = 1;
  QTimer flush_;
  qint64 flushedAt_ = -1'000'000;
};

}  // namespace vx11::cluster
