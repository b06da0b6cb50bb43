// Runs in every page under test before the page's own scripts. It changes nothing that the page can notice,
// but remembers connections, tells the test of sockets, tracks and presses as they happen (`report`, a channel to
// the test, which outlives the page), and can point the page to a part of the relay's addresses only (`relay`).
(report, relay) => {
  'use strict';
  if (window !== window.top) return;
  // The page's own clock may be made to stand still after this.
  const clock = performance.now.bind(performance);
  const now = () => performance.timeOrigin + clock();
  const tell = (kind, more) => report(JSON.stringify(Object.assign({ kind, at: now(), page: location.pathname }, more)));

  /** @type {RTCPeerConnection[]} */
  const connections = [];
  /** @type {Set<MediaStreamTrack>} */
  const tracks = new Set();

  // A relay choice is `{ transport: 'udp'|'tcp'|null, port: number|null, at: 'host:port'|null,
  // routes: { [port]: 'host:port' } }`: with routes, each port is reached at another place, once, and no other port at all.
  const routed = (url) => {
    if (!Object.keys(relay.routes).length) return url;
    const to = relay.routes[(/:(\d+)(\?|$)/.exec(url) || [])[1]];
    return to && url.replace(/^(turns?:)[^?]*/, '$1' + to);
  };
  const chosen = (config) => {
    if (!relay || !config || !config.iceServers) return config;
    const iceServers = config.iceServers
      .map((server) => {
        const urls = [].concat(server.urls)
          .filter((url) => !relay.transport || url.endsWith('transport=' + relay.transport))
          .filter((url) => !relay.port || url.includes(':' + relay.port + '?'))
          .slice(0, relay.at ? 1 : 100)
          .map((url) => (relay.at ? url.replace(/^(turns?:)[^?]*/, '$1' + relay.at) : routed(url)))
          .filter((url, at, all) => url && all.indexOf(url) === at);
        return Object.assign({}, server, { urls });
      })
      .filter((server) => server.urls.length > 0);
    return Object.assign({}, config, { iceServers });
  };

  if (window.RTCPeerConnection) {
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class RTCPeerConnection extends Native {
      constructor(config) {
        super(chosen(config));
        connections.push(this);
        tell('connection', { policy: config ? config.iceTransportPolicy : 'all', servers: chosen(config || {}).iceServers || [] });
        this.addEventListener('connectionstatechange', () => tell('connection-state', { state: this.connectionState }));
      }

      setConfiguration(config) {
        super.setConfiguration(chosen(config));
      }
    };
  }

  const Socket = window.WebSocket;
  window.WebSocket = class WebSocket extends Socket {
    constructor(...args) {
      super(...args);
      tell('socket', { url: String(args[0]) });
      this.addEventListener('message', (event) => tell('received', { text: String(event.data) }));
      this.addEventListener('close', (event) => tell('closed', { code: event.code }));
    }

    send(text) {
      tell('sent', { text: String(text) });
      super.send(text);
    }
  };

  // Local tracks: those of getUserMedia and every clone. They are what lights the camera's lamp.
  const follow = (track) => {
    if (tracks.has(track)) return;
    tracks.add(track);
    tell('track', { id: track.id, media: track.kind });
    track.addEventListener('ended', () => tell('track-ended', { id: track.id, media: track.kind }));
  };
  if (navigator.mediaDevices) {
    const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      tell('asked-for-media', { audio: !!(constraints && constraints.audio), video: !!(constraints && constraints.video) });
      const stream = await native(constraints);
      stream.getTracks().forEach(follow);
      return stream;
    };
  }
  if (window.MediaStreamTrack) {
    const { stop, clone } = MediaStreamTrack.prototype;
    MediaStreamTrack.prototype.stop = function () {
      stop.call(this);
      if (tracks.has(this)) tell('track-ended', { id: this.id, media: this.kind });
    };
    MediaStreamTrack.prototype.clone = function () {
      const copy = clone.call(this);
      if (tracks.has(this)) follow(copy);
      return copy;
    };
    const cloneStream = MediaStream.prototype.clone;
    MediaStream.prototype.clone = function () {
      const copy = cloneStream.call(this);
      if (this.getTracks().some((track) => tracks.has(track))) copy.getTracks().forEach(follow);
      return copy;
    };
  }

  // Sounds that the page makes by itself, and what the content policy stopped: neither shows anywhere else.
  if (window.OscillatorNode) {
    const { start } = AudioScheduledSourceNode.prototype;
    AudioScheduledSourceNode.prototype.start = function (...args) {
      tell('sound', {});
      return start.apply(this, args);
    };
  }
  window.addEventListener('securitypolicyviolation', (event) => tell('forbidden', { what: event.violatedDirective + ' ' + event.blockedURI }));

  // Whether the browser brought the page back from its memory.
  window.addEventListener('pageshow', (event) => tell('shown', { persisted: event.persisted }));

  // Presses, seen before the page sees them: the clock of "within 300 ms" starts here.
  for (const type of ['click', 'keydown']) {
    window.addEventListener(type, (event) => {
      const target = event.target instanceof Element ? event.target.closest('button, a, label, summary') || event.target : null;
      tell('press', { on: target ? (target.textContent || '').trim().slice(0, 60) : '', key: event instanceof KeyboardEvent ? event.key : '' });
    }, true);
  }

  /** What a connection counts; none where it is closed while it is asked: Firefox then never answers. */
  const counts = (connection) => Promise.race([connection.getStats(), new Promise((resolve) => setTimeout(resolve, 1000, null))]);

  /** What arrives in each open connection, and by which candidates. */
  const media = async () => {
    const open = connections.filter((connection) => connection.connectionState !== 'closed');
    const told = await Promise.all(open.map(async (connection) => {
      const counted = await counts(connection);
      if (!counted) return null;
      const all = new Map();
      counted.forEach((entry) => all.set(entry.id, entry));
      const of = (type) => [...all.values()].filter((entry) => entry.type === type);
      const sum = (list, field) => list.reduce((total, entry) => total + (entry[field] || 0), 0);
      const transport = of('transport').find((entry) => entry.selectedCandidatePairId);
      const pair = transport
        ? all.get(transport.selectedCandidatePairId)
        : of('candidate-pair').find((entry) => entry.selected || (entry.nominated && entry.state === 'succeeded'));
      const local = pair ? all.get(pair.localCandidateId) : null;
      const remote = pair ? all.get(pair.remoteCandidateId) : null;
      const inbound = of('inbound-rtp');
      const outbound = of('outbound-rtp');
      const kind = (list, wanted) => list.filter((entry) => entry.kind === wanted);
      return {
        number: connections.indexOf(connection),
        state: connection.connectionState,
        audio_packets: sum(kind(inbound, 'audio'), 'packetsReceived'),
        video_packets: sum(kind(inbound, 'video'), 'packetsReceived'),
        frames: sum(kind(inbound, 'video'), 'framesDecoded'),
        audio_sent: sum(kind(outbound, 'audio'), 'packetsSent'),
        video_sent: sum(kind(outbound, 'video'), 'packetsSent'),
        bytes_sent: sum(outbound, 'bytesSent'),
        local: local ? local.candidateType : null,
        remote: remote ? remote.candidateType : null,
        local_port: local ? local.port : null,
        remote_address: remote ? remote.address || remote.ip || null : null,
        transport: local ? local.relayProtocol || null : null,
        codecs: of('codec').map((entry) => entry.mimeType + ' ' + (entry.sdpFmtpLine || '')),
      };
    }));
    return told.filter(Boolean);
  };

  Object.defineProperty(window, '__test', {
    enumerable: false,
    value: {
      media,
      connections,
      tell,
      live: () => [...tracks].filter((track) => track.readyState === 'live').map((track) => track.kind),
    },
  });
}
