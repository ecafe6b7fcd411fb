// Shows the machine as it is.
new EventSource('/news').onmessage = ({ data }: MessageEvent<string>) => {
  const place = document.querySelector('#state')
  if (place !== null) place.textContent = JSON.stringify(JSON.parse(data), null, 2)
}

export {}
