export default {
  'zh-CN': {
    media: {
      voice: {
        label: '语音消息',
        play: '播放语音',
        pause: '暂停语音',
        loading: '正在载入语音，点击取消',
        position: '播放位置',
        time: '{position}，共 {duration}',
        speed: '播放速度 {speed} 倍，点击切换',
        download: '下载语音',
        retry: '重试',
        problem: {
          damaged: '这条语音无法播放',
          too_long: '这条语音太长，请下载后收听',
          unavailable: '语音没有载入成功',
        },
      },
    },
  },
  en: {
    media: {
      voice: {
        label: 'Voice message',
        play: 'Play voice message',
        pause: 'Pause voice message',
        loading: 'Loading the voice message, press to cancel',
        position: 'Playback position',
        time: '{position} of {duration}',
        speed: 'Playback speed {speed}×, press to change',
        download: 'Download voice message',
        retry: 'Try again',
        problem: {
          damaged: 'This voice message cannot be played',
          too_long: 'This voice message is too long to play here; download it instead',
          unavailable: 'The voice message could not be loaded',
        },
      },
    },
  },
}
