// A microphone that speaks and a camera that sees a face, in place of the browser's own. Runs before a page's own scripts.
(speech) => {
  'use strict';
  if (window !== window.top || !navigator.mediaDevices) return;
  /** A room is never quite still: without this, a pause would be digital silence, which costs less than a real one. */
  const NOISE = 0.0004;

  /** @type {AudioContext | undefined} */
  let sound;
  /** @type {Promise<AudioBuffer> | undefined} */
  let words;
  const voice = async () => {
    sound = sound || new AudioContext({ sampleRate: 48000 });
    await sound.resume();
    words = words || sound.decodeAudioData(Uint8Array.from(atob(speech), (one) => one.charCodeAt(0)).buffer);
    const out = sound.createMediaStreamDestination();
    const said = sound.createBufferSource();
    said.buffer = await words;
    said.loop = true;
    const loud = (window.__loudness = window.__loudness || sound.createGain());
    said.connect(loud);
    loud.connect(out);
    const noise = sound.createBuffer(1, 48000, 48000);
    const samples = noise.getChannelData(0);
    for (let at = 0; at < samples.length; at += 1) samples[at] = (Math.random() * 2 - 1) * NOISE;
    const room = sound.createBufferSource();
    room.buffer = noise;
    room.loop = true;
    room.connect(out);
    // The two sides don't say the same in the same moment.
    said.start(0, location.pathname.startsWith('/desk') ? said.buffer.duration / 2 : 0);
    room.start();
    return out.stream.getAudioTracks()[0];
  };

  const face = (width, height, rate) => {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext('2d');
    // A wall with some texture behind: the light of a real room is never even.
    const wall = document.createElement('canvas');
    Object.assign(wall, { width, height });
    const brush = wall.getContext('2d');
    for (let row = 0; row < height; row += 4) {
      for (let column = 0; column < width; column += 4) {
        const light = 120 + 40 * Math.sin(column / 61) * Math.cos(row / 47) + ((column * 31 + row * 17) % 13);
        brush.fillStyle = `rgb(${light},${light + 8},${light - 10})`;
        brush.fillRect(column, row, 4, 4);
      }
    }
    const oval = (x, y, wide, high, colour) => {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.ellipse(x, y, wide, high, 0, 0, Math.PI * 2);
      pen.fill();
    };
    const unit = height / 240;
    const draw = () => {
      const now = performance.now() / 1000;
      const x = width / 2 + unit * (9 * Math.sin(now * 0.9) + 3 * Math.sin(now * 2.3));
      const y = height * 0.45 + unit * (4 * Math.sin(now * 1.3) + 2 * Math.sin(now * 3.1));
      pen.drawImage(wall, 0, 0);
      oval(width / 2 + 3 * unit * Math.sin(now * 0.9), height * 1.12, 95 * unit, 75 * unit, '#41506b');
      oval(x, y - 8 * unit, 58 * unit, 74 * unit, '#3a2c22');
      oval(x, y + 6 * unit, 46 * unit, 60 * unit, '#c99a7c');
      const open = now % 4.1 > 0.15 ? 5 : 1;
      for (const side of [-1, 1]) {
        oval(x + side * 17 * unit, y - 6 * unit, 7 * unit, open * unit, '#f4f0ec');
        oval(x + side * 17 * unit + 2 * unit * Math.sin(now * 0.7), y - 6 * unit, 3 * unit, Math.min(open, 4) * unit, '#2d2420');
      }
      oval(x, y + 12 * unit, 4 * unit, 8 * unit, '#b98868');
      // A mouth moves some four times a second.
      oval(x, y + 34 * unit, 14 * unit, (2 + 6 * Math.abs(Math.sin(now * 12) * Math.sin(now * 1.7))) * unit, '#7c3a3a');
      // And a hand now and then.
      const reach = Math.sin(now * 0.6);
      if (reach > 0.5) oval(width * 0.8, height * (1.25 - reach * 0.6), 18 * unit, 26 * unit, '#c99a7c');
    };
    draw();
    const track = canvas.captureStream(rate).getVideoTracks()[0];
    const timer = setInterval(() => (track.readyState === 'live' ? draw() : clearInterval(timer)), 1000 / rate);
    return track;
  };

  const ideal = (wish, usual) => (wish && (wish.ideal || wish.max || wish)) || usual;
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
    const tracks = [];
    if (audio) tracks.push(await voice());
    if (video) tracks.push(face(ideal(video.width, 640), ideal(video.height, 480), ideal(video.frameRate, 30)));
    return new MediaStream(tracks);
  };
}
