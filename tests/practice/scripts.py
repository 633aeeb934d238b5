"""Scripts of a city's own, quick enough for tests."""

OWN_SCRIPTS = {
    "cepat": """
temper: sopan
name: {id: Rambu miring, jv: Rambu dhoyong, en: Leaning sign}
desk: dishub
report:
  text: "Rambu ayam jago di simpang Denggung miring, mohon ditegakkan."
  category: lalu_lintas
  subcategory: rambu
  photos: [rambu.png]
  place: {text: simpang Denggung, kode: "34.04.13.2003", kalurahan: Tridadi, kapanewon: Sleman}
reactions:
  - {on: reply, do: message, say: "Matur nuwun, kutunggu ayam jagonya."}
  - {on: close, do: confirm, rate: 5}
expected: {outcome: closed, agency: dishub}
""",
}
